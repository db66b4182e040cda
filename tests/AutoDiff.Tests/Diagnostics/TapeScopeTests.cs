using System.Runtime.CompilerServices;

namespace AutoDiff.Tests.Diagnostics;

public class TapeScopeTests
{
    [Fact]
    public void Operations_remember_the_scope_they_were_recorded_in()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(2.0);
        int line;
        using (TapeScope.Enter("network"))
        {
            _ = x.Exp();
            using (TapeScope.Enter("layer 1"))
            {
                line = Line() - 2;
                _ = x.Sin();
            }

            _ = x.Cos();
        }

        _ = x.Log();
        Enumerable.Range(0, tape.Count).Select(i => tape.OperationAt(i).Scope?.Path).Should().Equal(null, "network", "network / layer 1", "network", null);
        tape.OperationAt(2).Scope!.ToString().Should().Be($"network / layer 1 (TapeScopeTests.cs:{line})");
        tape.OperationAt(2).ToString().Should().Be($"#2 Sin [] in network / layer 1 (TapeScopeTests.cs:{line})");
    }

    [Theory]
    [InlineData("/home/someone/secret/Model.cs", "Model.cs")]
    [InlineData(@"C:\Users\someone\Model.cs", "Model.cs")]
    [InlineData("Model.cs", "Model.cs")]
    [InlineData("", "")]
    public void Only_the_name_of_the_file_is_told(string path, string expected)
    {
        using TapeScope scope = TapeScope.Enter("a", path, 7);
        scope.File.Should().Be(expected);
        scope.ToString().Should().Be($"a ({expected}:7)");
    }

    [Fact]
    public void Closing_a_scope_closes_those_inside()
    {
        TapeScope outer = TapeScope.Enter("outer");
        TapeScope inner = TapeScope.Enter("inner");
        TapeScope.Current.Should().BeSameAs(inner);
        outer.Dispose();
        TapeScope.Current.Should().BeNull();
        using TapeScope other = TapeScope.Enter("other");
        inner.Dispose();
        TapeScope.Current.Should().BeSameAs(other);
    }

    [Fact]
    public void Another_thread_has_scopes_of_its_own()
    {
        using TapeScope scope = TapeScope.Enter("here");
        TapeScope? there = scope;
        OnAnotherThread(() => there = TapeScope.Current);
        there.Should().BeNull();
        TapeScope.Current.Should().BeSameAs(scope);
    }

    [Fact]
    public void A_scope_may_be_closed_on_another_thread()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(2.0);
        TapeScope outer = TapeScope.Enter("outer");
        TapeScope middle = TapeScope.Enter("middle");
        TapeScope.Enter("inner");
        OnAnotherThread(() =>
        {
            using TapeScope own = TapeScope.Enter("there");
            middle.Dispose();
            TapeScope.Current.Should().BeSameAs(own);
        });
        TapeScope.Current.Should().BeSameAs(outer);
        _ = x.Sin();
        OnAnotherThread(outer.Dispose);
        _ = x.Cos();
        Enumerable.Range(0, tape.Count).Select(i => tape.OperationAt(i).Scope?.Path).Should().Equal(null, "outer", null);
        TapeScope.Current.Should().BeNull();
    }

    /// <summary>What follows an await may run on another thread: the scope is closed on the first one all the same.</summary>
    [Fact]
    public void A_scope_around_an_await_does_not_stay_open()
    {
        using var gate = new ManualResetEventSlim();
        async Task Scoped()
        {
            using TapeScope scope = TapeScope.Enter("awaiting");
            await Task.Run(gate.Wait).ConfigureAwait(false);
        }

        Task task = Scoped();
        TapeScope.Current!.Name.Should().Be("awaiting");
        gate.Set();
#pragma warning disable xUnit1031 // The scope is to be closed on another thread while this one waits.
        task.Wait();
#pragma warning restore xUnit1031
        TapeScope.Current.Should().BeNull();
    }

    [Fact]
    public void A_name_is_needed() => ((Action)(() => TapeScope.Enter(null!))).Should().Throw<ArgumentNullException>();

    private static void OnAnotherThread(Action code)
    {
        Exception? error = null;
        var thread = new Thread(() => error = Record.Exception(code));
        thread.Start();
        thread.Join();
        error.Should().BeNull();
    }

    private static int Line([CallerLineNumber] int line = 0) => line;

    [Fact]
    public void Scopes_may_be_nested_as_deep_as_a_program_likes()
    {
        TapeScope outermost = TapeScope.Enter("s");
        using (outermost)
        {
            for (int i = 1; i < 20_000; i++)
            {
                TapeScope.Enter("s");
            }

            TapeScope.Current!.Path.Should().Be(string.Join(" / ", Enumerable.Repeat("s", 20_000)));
        }

        TapeScope.Current.Should().BeNull();
    }
}
