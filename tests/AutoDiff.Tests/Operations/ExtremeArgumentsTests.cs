using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AutoDiff.Optimization;
using AutoDiff.Tests.Docs;

namespace AutoDiff.Tests.Operations;

/// <summary>
/// Every public method at extreme arguments: it either does what it is asked to, in little time and memory, or refuses with an exception of the library's, worded by the library, the same in every culture, which
/// names the parameter at fault, and of which the member's comment tells.
/// Types, methods and arguments are found by reflection, so that a new method is in by itself.
/// </summary>
public class ExtremeArgumentsTests
{
    /// <summary>So many bytes at most are allocated by one call: what needs more is refused before.</summary>
    private const long Bytes = 200 << 20;

    /// <summary>Of calls that take milliseconds; the machine may have other things to do.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Settings of the whole process are everybody's; the numbers that are written like any number have theories of their own.</summary>
    private static readonly Type[] LeftOut = [typeof(Parallelism), typeof(TensorMemory), typeof(ActiveTape<>)];

    /// <summary>All public types that have methods to call.</summary>
    private static readonly Dictionary<string, Type> Types = new[] { typeof(Tensor).Assembly, typeof(Minimizer<>).Assembly }
        .SelectMany(assembly => assembly.GetExportedTypes())
        .Where(type => !type.IsEnum && !type.IsInterface && !typeof(Exception).IsAssignableFrom(type) && !typeof(Delegate).IsAssignableFrom(type) && !LeftOut.Contains(type) && !Array.Exists(type.GetInterfaces(), own => own.Name.StartsWith("INumberBase", StringComparison.Ordinal)))
        .Select(type => !type.ContainsGenericParameters ? type : type.MakeGenericType(type == typeof(OptimizationResult<>) ? typeof(Tensor<double>) : typeof(double)))
        .ToDictionary(type => type.Name);

    public static TheoryData<string> Names => new(Types.Keys);

    /// <summary>A type by its name in <see cref="Names"/>.</summary>
    internal static Type TypeOf(string name) => Types[name];

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_call_gives_a_result_or_an_error_of_the_library(string name) =>
        Task.Factory.StartNew(() => Check(name), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>On a thread of its own: scopes that the calls leave open end with it.</summary>
    private static void Check(string name)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = ForeignCulture();
        var failures = new List<string>();
        var never = new List<string>();
        var untold = new SortedSet<string>();
        try
        {
            foreach (ReflectedMethod method in ReflectedMethod.Of(Types[name]))
            {
                if (!method.Method.IsStatic && !method.Method.IsConstructor && ExtremeValues.Receivers(Types[name]).Length == 0)
                {
                    // What the library alone can make holds results, and takes no arguments.
                    method.Parameters.Should().BeEmpty("{0} takes arguments: ExtremeValues has to make one", method);
                    continue;
                }

                var calls = new ExtremeCalls(method);
                foreach (ReflectedCall call in calls.All())
                {
                    if (Failure(call, out Exception? thrown) is { } failure)
                    {
                        failures.Add($"{call}: {failure}");
                    }

                    if (thrown is not null && !DocumentedErrors.Tells(method.Method, thrown))
                    {
                        untold.Add($"{method}: {thrown.GetType().Name}, as in: {thrown.Message}");
                    }
                }

                // Files have tests of their own; here no path leads anywhere.
                if (!calls.EndsWell && !method.Parameters.Any(p => p.Name == "path"))
                {
                    never.Add(method.ToString());
                }
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        failures.Take(20).Should().BeEmpty("{0} calls must not fail", failures.Count);
        untold.Take(20).Should().BeEmpty("{0} exceptions are not told of: the comment of a member names in <exception> what it throws", untold.Count);
        never.Should().BeEmpty("a method that refuses everything has been tested for its first check only: list arguments that fit one another in ExtremeValues");
    }

    [Fact]
    public void All_types_have_calls() => Types.Sum(own => ReflectedMethod.Of(own.Value).Count()).Should().BeGreaterThan(900);

    /// <summary>What is wrong with the outcome of a call, or null.</summary>
    private static string? Failure(ReflectedCall call, out Exception? thrown)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        thrown = call.Run();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return allocated > Bytes ? string.Create(CultureInfo.InvariantCulture, $"allocated {allocated >> 20} MB")
            : elapsed > Longest ? string.Create(CultureInfo.InvariantCulture, $"took {elapsed.TotalSeconds} s")
            : thrown is ArgumentException argument && !call.Names(argument) ? $"{thrown.GetType().Name} names {argument.ParamName ?? "no parameter"}: {thrown.Message}"
            : thrown is null ? null : Fault(thrown);
    }

    /// <summary>What is wrong with an exception, or null.</summary>
    internal static string? Fault(Exception thrown) => IsOfTheLibrary(thrown) ? null
        : $"{thrown.GetType().Name}: {thrown.Message} {thrown.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("AutoDiff.", StringComparison.Ordinal))?.Trim()}";

    private static bool IsOfTheLibrary(Exception e)
    {
        // Some types say by themselves what is wrong; those of the framework have to be worded as the library words errors.
        bool own = e is TapeException or FactorizationException or ObjectDisposedException or ArrayFileException or GradientCheckException or ConvergenceException or CompiledFunctionException or KeyNotFoundException
            or IOException or FormatException or ArgumentNullException;
        bool worded = (e is ArgumentException or NotSupportedException or InvalidOperationException or OverflowException) && e.Message.Contains("Expected", StringComparison.Ordinal);
        bool invariant = !Regex.IsMatch(e.Message, @"\u2212\d|\d,\d");
        return (own || worded) && invariant;
    }

    /// <summary>A culture that writes no number like the invariant one, though it may be the only one there.</summary>
    private static CultureInfo ForeignCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        return culture;
    }
}
