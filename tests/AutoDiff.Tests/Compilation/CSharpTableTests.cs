using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using AutoDiff.Tests.Operations;
using Xunit.Abstractions;
using static AutoDiff.Tests.Compilation.GeneratedPrograms;

namespace AutoDiff.Tests.Compilation;

/// <summary>The whole table of operations as generated C#: the bits of the compiled function, over rows too, or a refusal that names the operation.</summary>
public class CSharpTableTests(ITestOutputHelper output)
{
    [Fact]
    public void Generated_code_gives_the_bits_of_every_operation_and_its_gradient()
    {
        CheckBits<double>();
        Table<double>.Values.Count.Should().BeGreaterThanOrEqualTo(540);
        Table<double>.Gradients.Count.Should().BeGreaterThanOrEqualTo(500);
    }

    [Fact]
    public void Generated_code_on_floats_gives_the_bits_of_every_operation_and_its_gradient()
    {
        CheckBits<float>();
        Table<float>.Values.Count.Should().BeGreaterThanOrEqualTo(540);
        Table<float>.Gradients.Count.Should().BeGreaterThanOrEqualTo(500);
    }

    [Fact]
    public void Every_row_has_the_bits_of_the_program_of_one_point() => CheckRows<double>();

    [Fact]
    public void Every_row_of_floats_has_the_bits_of_the_program_of_one_point() => CheckRows<float>();

    /// <summary>
    /// What no file can be written of, over the whole table: operations by name. Where one of them is written from now on, or one that was written is refused, this says so.
    /// </summary>
    [Fact]
    public void These_operations_are_refused_and_no_others()
    {
        foreach ((string name, SortedSet<string> rows) in Table<double>.Refused)
        {
            output.WriteLine($"{name}: {string.Join(", ", rows)}");
        }

        Table<double>.Refused.Keys.Should().Equal(Refused);
    }

    [Fact]
    public void These_operations_on_floats_are_refused_beside_those_on_doubles() => Table<float>.Refused.Keys.Except(Refused).Should().Equal(RefusedOnFloats);

    private static readonly string[] Refused =
    [
        "CubicSplinePieces", "GridSample", "GridSamplePlaces", "Histogram", "InterpPieces", "MonotoneSplinePieces", "OnCotangent", "Reflect", "ScatterReduce", "SegmentMax", "SegmentMin",
    ];

    private static readonly string[] RefusedOnFloats = [];

    private void CheckBits<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var wrong = new List<string>();
        int looks = 0;
        foreach ((int k, Case<T> program) in Table<T>.Cases.Index())
        {
            foreach (Tensor<T>[] xs in program.Inputs)
            {
                Tensor<T>[] expected = program.Function.Invoke(xs);
                T[][] actual = [.. expected.Select(y => new T[y.Length])];
                try
                {
                    Table<T>.Compiled.Programs[k]([.. xs.Select(x => x.ToArray())], actual);
                }
                catch (InvalidOperationException) when (program.Function.Recordings > 1)
                {
                    // Another course of the function.
                    looks++;
                    continue;
                }

                for (int i = 0; i < expected.Length; i++)
                {
                    if (Differs(expected[i].ToArray(), actual[i]) is { } place)
                    {
                        wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{program.Name}: element {place} of result {i} is {actual[i][place]} instead of {expected[i].ToArray()[place]}"));
                    }
                }
            }
        }

        output.WriteLine($"values of {Table<T>.Values.Count} rows, gradients of {Table<T>.Gradients.Count}, in {Table<T>.Cases.Count} programs; {looks} runs took another course.");
        output.WriteLine($"Refused: {Table<T>.Refused.Count}: {string.Join(", ", Table<T>.Refused.Keys)}");
        output.WriteLine($"Seconds: {Table<T>.Seconds}");
        string.Join('\n', wrong.Take(100)).Should().BeEmpty();
    }

    /// <summary>The value and the gradient of every operation, in one case each: eleven rows of two points.</summary>
    private void CheckRows<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var wrong = new List<string>();
        int programs = 0;
        foreach ((int k, Case<T> program) in Table<T>.Cases.Index().Where(static indexed => indexed.Item.HasRows))
        {
            var points = new List<(T[][] Xs, T[][] Ys)>();
            foreach (Tensor<T>[] inputs in program.Inputs)
            {
                T[][] xs = [.. inputs.Select(x => x.ToArray())], ys = [.. program.Lengths.Select(length => new T[length])];
                try
                {
                    Table<T>.Compiled.Programs[k](xs, ys);
                    points.Add((xs, ys));
                }
                catch (InvalidOperationException)
                {
                    // Another course of the function.
                }
            }

            programs++;
            if (points.Count > 0)
            {
                wrong.AddRange(DifferencesOverRows(RowsOf<T>(Table<T>.Compiled.Assembly, k), [.. Enumerable.Range(0, 11).Select(row => points[row % points.Count])]).Select(wrong => $"{program.Name}, {wrong}"));
            }
        }

        output.WriteLine($"{programs} programs");
        string.Join('\n', wrong.Take(60)).Should().BeEmpty();
        programs.Should().BeGreaterThan(500);
    }

    /// <summary>A program of the table, with inputs at which it is run.</summary>
    private sealed record Case<T>(string Name, CompiledFunction<T> Function, Tensor<T>[][] Inputs, int[] Lengths, bool HasRows) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The table in one precision, recorded and compiled once for all tests.</summary>
    private static class Table<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static string Seconds { get; private set; } = "";

        private static readonly List<string> Sources = [];

        public static readonly HashSet<string> Values = [], Gradients = [];

        public static readonly SortedDictionary<string, SortedSet<string>> Refused = new(StringComparer.Ordinal);

        public static readonly List<Case<T>> Cases = Read();

        public static readonly (Generated<T>[] Programs, Assembly Assembly) Compiled = Compile();


        private static List<Case<T>> Read()
        {
            long start = Stopwatch.GetTimestamp();
            var cases = new List<Case<T>>();
            bool isDouble = typeof(T) == typeof(double);
            foreach (OperationRow<T> row in OperationTable<T>.Rows.Values)
            {
                foreach ((int number, int[][] shapes) in Shapes(row))
                {
                    Theories<T>.Trial[] trials = [.. Enumerable.Range(0, 2).Select(point => new Theories<T>.Trial(row, "C#", shapes, point))];
                    Tensor<T> u = trials[0].Random(row.F(trials[0].X).Shape);

                    // The value alone, where the gradient is not written, or is none.
                    bool isWritten = false;
                    for (int order = row.Constant || row.Order < 1 ? 0 : 1; order >= 0 && !isWritten; order--)
                    {
                        CompiledFunction<T> compiled = Differentiate.Compile(x => order == 0 ? [row.F(x)] : [row.F(x), .. Differentiate.Vjp(row.F, x, u)], trials[0].X);
                        string name = $"C{cases.Count}";
                        bool hasRows = number == Shapes(row).First().Number;
                        int[] lengths = [.. compiled.Invoke(trials[0].X).Select(y => y.Length)];
                        try
                        {
                            Sources.Add(compiled.ToCSharp(name, new CSharpOptions { Rows = hasRows }) + Adapter(name, trials[0].X.Length, lengths.Length, overRows: hasRows, type: isDouble ? "double" : "float"));
                            cases.Add(new($"{row.Name}, order {order}, case {number}", compiled, [.. trials.Select(t => t.X)], lengths, hasRows));
                            (isWritten, _) = (true, Values.Add(row.Name));
                            _ = order == 1 && Gradients.Add(row.Name);
                        }
                        catch (NotSupportedException exception)
                        {
                            exception.Message.Should().Contain(" is not written as C#").And.Contain("To fix it");
                            string refused = exception.Message["ToCSharp: the operation ".Length..exception.Message.IndexOf(" is not written", StringComparison.Ordinal)];
                            (Refused.TryGetValue(refused, out SortedSet<string>? rows) ? rows : Refused[refused] = new(StringComparer.Ordinal)).Add(order == 0 ? row.Name : $"{row.Name}'");
                        }
                    }
                }
            }

            Seconds += string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} recorded and written, ");
            return cases;
        }

        private static (Generated<T>[], Assembly) Compile()
        {
            long start = Stopwatch.GetTimestamp();
            Generated<T>[] programs = CompileTogether<T>(Sources, Cases.Count, out Assembly assembly);
            Seconds += string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} compiled");
            return (programs, assembly);
        }

        /// <summary>The first shapes of a row, of floats one; of a row that is elementwise, and has a theory of its own, one with broadcasting and one of many elements.</summary>
        private static IEnumerable<(int Number, int[][] Shapes)> Shapes(OperationRow<T> row)
        {
            (int Number, int[][] Shapes)[] all = [.. row.ShapeCases().Index()];
            return typeof(T) == typeof(float) ? all.Take(1) : row.IsElementwise && all.Length > 4 ? [all[3], all[^1]] : all.Take(3);
        }
    }
}
