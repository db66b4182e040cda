using System.Globalization;
using System.Numerics;
using static AutoDiff.Tests.Compilation.GeneratedPrograms;

namespace AutoDiff.Tests.Compilation;

/// <summary>Decompositions in generated C#: sizes on both sides of where kernels go block by block, numbers that are none, empty matrices, several results, threads.</summary>
public class CSharpDecompositionsTests
{
    [Fact]
    public void Matrices_below_the_sizes_of_blocks_have_the_bits_and_need_no_pointers() => CheckBits<double>(Programs<double>(large: false), large: false);

    [Fact]
    public void Matrices_of_floats_below_the_sizes_of_blocks_have_the_bits() => CheckBits<float>(Programs<float>(large: false), large: false);

    [Fact]
    public void Large_matrices_have_the_bits() => CheckBits<double>(Programs<double>(large: true), large: true);

    [Fact]
    public void Large_matrices_of_floats_have_the_bits() => CheckBits<float>(Programs<float>(large: true), large: true);

    /// <summary>The program is the same for any number of threads, and generated code runs on one.</summary>
    [Fact]
    public void Threads_change_no_bit()
    {
        Tensor<double> a = Random<double>(260, 260, 7);
        Func<Tensor<double>, Tensor<double>[]> f = x => WithGradient(x => Squares(x.Solve(x.Transpose())) + Squares(x.Qr().R), x);
        int threads = Parallelism.MaxThreads;
        try
        {
            Parallelism.MaxThreads = 2;
            CompiledFunction<double> compiled = Compiled(f, a);
            double[][] expected = [.. Results(compiled, a).Select(y => y.ToArray())], actual = [.. expected.Select(y => new double[y.Length])];
            Compile([compiled.ToCSharp("C0") + Adapter("C0", 1, 2)], 1)[0]([a.ToArray()], actual);
            Differs(expected[0], actual[0]).Should().BeNull();
            Differs(expected[1], actual[1]).Should().BeNull();
        }
        finally
        {
            Parallelism.MaxThreads = threads;
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_not_finite_goes_through_or_is_refused_as_in_the_function(double number)
    {
        Tensor<double> good = Random<double>(3, 3, 5), bad = Tensor.Create([1.0, 2.0, 0.5, number, 3.0, 1.0, 0.0, 1.0, -2.0], [3, 3]);
        (Func<Tensor<double>, Tensor<double>[]> F, bool Throws)[] functions =
        [
            (static x => [x.Lu().L, x.Lu().U, x.Lu().P], false), (static x => [x.Qr().R], false), (static x => [x.MatrixExp()], false), (static x => [x.Determinant(), x.SlogDet().LogAbs], false),
            (static x => [x.Inverse()], false), (static x => [x.Solve(x)], false), (static x => [x.Eigh().Values], true), (static x => [x.SingularValues()], true), (static x => [x.PseudoInverse()], true),
            (static x => [x.MatrixSqrt()], true), (static x => [x.Cholesky()], true),
        ];
        CompiledFunction<double>[] compiled = [.. functions.Select(f => Compiled(f.F, Positive(good)))];
        Generated<double>[] generated = CompileTogether<double>([.. compiled.Select((f, k) => f.ToCSharp($"C{k}") + Adapter($"C{k}", 1, Results(f, Positive(good)).Length))], compiled.Length, out _);
        for (int k = 0; k < compiled.Length; k++)
        {
            double[][] actual = [.. Results(compiled[k], Positive(good)).Select(y => new double[y.Length])];
            if (functions[k].Throws)
            {
                FluentActions.Invoking(() => Results(compiled[k], bad)).Should().Throw<FactorizationException>($"program {k}");
                FluentActions.Invoking(() => generated[k]([bad.ToArray()], actual)).Should().Throw<InvalidOperationException>($"program {k}");
                continue;
            }

            double[][] expected = [.. Results(compiled[k], bad).Select(y => y.ToArray())];
            generated[k]([bad.ToArray()], actual);
            for (int i = 0; i < expected.Length; i++)
            {
                Differs(expected[i], actual[i]).Should().BeNull($"result {i} of program {k}");
            }
        }
    }

    [Fact]
    public void Singular_matrices_and_singular_equations_are_refused()
    {
        Tensor<double> good = Positive(Random<double>(2, 2, 3)), singular = Tensor.Create([1.0, 1.0, 1.0, 1.0], [2, 2]), opposite = Tensor.Create([1.0, 0.0, 0.0, -1.0], [2, 2]);
        Generated<double>[] generated = CompileTogether<double>(
        [
            Differentiate.Compile(static x => x.Inverse(), good).ToCSharp("C0") + Adapter("C0", 1, 1), Differentiate.Compile(static x => x.Solve(x), good).ToCSharp("C1") + Adapter("C1", 1, 1),
            Differentiate.Compile(static x => x.SolveSylvester(x, x), good).ToCSharp("C2") + Adapter("C2", 1, 1),
        ], 3, out _);
        for (int k = 0; k < 3; k++)
        {
            FluentActions.Invoking(() => generated[k]([(k == 2 ? opposite : singular).ToArray()], [new double[4]])).Should().Throw<InvalidOperationException>().WithMessage("*singular*");
        }
    }

    /// <summary>Ties are chosen as the vectors of the library choose: the first of equal magnitudes that is not negative.</summary>
    [Fact]
    public void Cofactors_of_matrices_with_equal_magnitudes_have_the_bits()
    {
        var inputs = new List<Tensor<double>>();
        var random = new Random(11);
        for (int i = 0; i < 40; i++)
        {
            inputs.Add(Tensor.Create([.. Enumerable.Range(0, 25).Select(_ => (double)random.Next(-1, 2))], [5, 5]));
        }

        CompiledFunction<double> compiled = Compiled(static x => WithGradient(static x => x.Determinant(), x), inputs[0]);
        Generated<double> generated = Compile([compiled.ToCSharp("C0") + Adapter("C0", 1, 2)], 1)[0];
        foreach (Tensor<double> x in inputs)
        {
            double[][] actual = [new double[1], new double[25]];
            generated([x.ToArray()], actual);
            Tensor<double>[] expected = Results(compiled, x);
            Differs(expected[0].ToArray(), actual[0]).Should().BeNull();
            Differs(expected[1].ToArray(), actual[1]).Should().BeNull();
        }
    }

    private static List<(string Name, Func<Tensor<T>, Tensor<T>> F, Tensor<T> X)> Programs<T>(bool large) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var programs = new List<(string, Func<Tensor<T>, Tensor<T>>, Tensor<T>)>();
        foreach (int n in large ? (int[])[96, 130] : [0, 1, 2, 35, 95])
        {
            Tensor<T> a = Random<T>(n, n, n + 1), shifted = a * T.CreateTruncating(0.3 / Math.Sqrt(Math.Max(n, 1))) + Tensor.Identity<T>(n);
            programs.Add(($"LU, {n}", static x => Squares(x.Lu().L) + Squares(x.Lu().U), a));
            programs.Add(($"LU of a tall one, {n}", static x => Squares(x.Lu().L) + Squares(x.Lu().U), Random<T>(n + 3, n, 4)));
            programs.Add(($"QR, {n}", static x => Squares(x.Qr().Q * x.Qr().Q) + Squares(x.Qr().R), Random<T>(n + 5, n, 2)));
            programs.Add(($"Cholesky, {n}", static x => Squares(Positive(x).Cholesky()), a));
            programs.Add(($"solve, {n}", static x => Squares(x.Solve(x.Transpose())), shifted));
            programs.Add(($"triangle, {n}", static x => Squares(x.TriangularSolve(x.Transpose(), upper: true)), shifted));
            programs.Add(($"inverse, {n}", static x => Squares(x.Inverse()), shifted));
            programs.Add(($"determinant, {n}", static x => x.Determinant() + x.SlogDet().LogAbs, shifted));
            programs.Add(($"exponential, {n}", static x => Squares(x.MatrixExp()), a * T.CreateTruncating(0.2)));
            programs.Add(($"root, {n}", static x => Squares(x.MatrixSqrt()), shifted));
            programs.Add(($"eigenvalues, {n}", static x => Squares(x.Eigh().Values) + Squares(x.Eigh().Vectors * x.Eigh().Vectors), a));
            if (large || n < 9)
            {
                programs.Add(($"symmetric Sylvester, {n}", static x => Squares(Positive(x).SolveSylvester(Positive(x), x)), a));
            }
        }

        foreach ((int m, int n) in large ? ((int, int)[])[(32, 32), (40, 50), (60, 40)] : [(0, 2), (1, 1), (4, 3), (31, 50), (31, 31)])
        {
            programs.Add(($"singular values, {m} × {n}", static x => Squares(x.Svd().S) + Squares(x.Svd().U * x.Svd().U) + Squares(x.Svd().Vh * x.Svd().Vh), Random<T>(m, n, m)));
            programs.Add(($"pseudoinverse, {m} × {n}", static x => Squares(x.PseudoInverse()), Random<T>(m, n, n)));
            programs.Add(($"pseudoinverse of low rank, {m} × {n}", static x => Squares(x.PseudoInverse()), Random<T>(m, 1, m).MatMul(Random<T>(1, n, n))));
        }

        programs.Add(("Sylvester", static x => Squares(x.SolveSylvester(x[..3, ..3], x[.., ..3])), Positive(Random<T>(large ? 34 : 5, large ? 34 : 5, 9)) + Random<T>(large ? 34 : 5, large ? 34 : 5, 10)));
        programs.Add(("tridiagonal", static x => Squares((x + T.CreateTruncating(4)).TridiagonalSolve(x[1..], x[..^1], x)), Random<T>(1, large ? 200 : 9, 3).Flatten()));
        return programs;
    }

    private static void CheckBits<T>(List<(string Name, Func<Tensor<T>, Tensor<T>> F, Tensor<T> X)> programs, bool large) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CompiledFunction<T>[] compiled = [.. programs.Select(program => Compiled(x => WithGradient(program.F, x), program.X))];
        List<string> sources = [.. compiled.Select(static (f, k) => f.ToCSharp($"C{k}"))];
        sources.Where(static source => source.Contains("<AllowUnsafeBlocks>", StringComparison.Ordinal)).Should().HaveCount(large ? sources.Count - 1 : 0, "of all but the tridiagonal system");
        if (large)
        {
            // One text for all of a shared assembly.
            (programs, compiled, sources) = (programs[..^1], compiled[..^1], sources[..^1]);
        }

        Generated<T>[] generated = CompileTogether<T>([.. sources.Select(static (source, k) => source + Adapter($"C{k}", 1, 2, type: typeof(T) == typeof(float) ? "float" : "double"))], sources.Count, out _);
        var wrong = new List<string>();
        for (int k = 0; k < generated.Length; k++)
        {
            Tensor<T> x = programs[k].X;
            foreach (Tensor<T> point in (Tensor<T>[])[x, x * T.CreateTruncating(1.25)])
            {
                T[][] expected = [.. Results(compiled[k], point).Select(static y => y.ToArray())], actual = [.. expected.Select(static y => new T[y.Length])];
                generated[k]([point.ToArray()], actual);
                for (int i = 0; i < expected.Length; i++)
                {
                    if (Differs(expected[i], actual[i]) is { } place)
                    {
                        wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{programs[k].Name}: element {place} of result {i} is {actual[i][place]} instead of {expected[i][place]}"));
                    }
                }
            }
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    private static CompiledFunction<T> Compiled<T>(Func<Tensor<T>, Tensor<T>[]> f, Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Differentiate.Compile(xs => f(xs[0]), (Tensor<T>[])[x]);

    private static Tensor<T>[] Results<T>(CompiledFunction<T> f, Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => f.Invoke((Tensor<T>[])[x]);

    private static Tensor<T>[] WithGradient<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => [f(x), Differentiate.Gradient(f, x)];

    private static Tensor<T> Squares<T>(Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => (x * x).Sum();

    private static Tensor<T> Positive<T>(Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => x.MatMul(x.Transpose()) + Tensor.Identity<T>(x.Shape[0]);

    private static Tensor<T> Random<T>(int m, int n, int seed) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        return Tensor.Create([.. Enumerable.Range(0, m * n).Select(_ => T.CreateTruncating(random.NextDouble() * 2 - 1))], [m, n]);
    }
}
