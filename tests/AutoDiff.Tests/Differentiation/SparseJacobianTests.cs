using CsCheck;

namespace AutoDiff.Tests.Differentiation;

public class SparseJacobianTests
{
    private static readonly Gen<(int, int)[]> Programs = Gen.Select(Gen.Int[0, RandomPrograms.Kinds - 1], Gen.Int[0, 9], (kind, operand) => (kind, operand)).Array[1, 10];

    /// <summary>Two rows that meet in a column travel apart, and the products of the second lie behind a row of columns, not of rows.</summary>
    [Fact]
    public void A_wide_Jacobian_of_two_colors_of_rows_is_the_dense_one()
    {
        static Tensor<double> F(Tensor<double> x) => Tensor.Stack([x[..4].Prod(), x[3..7].Prod(), x[7..].Prod()]);
        Tensor<double> x = Tensor.LinearSpace(1.0, 2.0, 11);
        SparseMatrix<double> sparse = new SparseJacobian<double>(F).Evaluate(x);
        (sparse.ToDense() - Differentiate.Jacobian(F, x)).Abs().Max().ToScalar().Should().BeLessThan(1e-12);
        sparse.Pattern.Count.Should().Be(12);
    }

    [Fact]
    public void Patterns_meet_where_both_have_an_element() =>
        new SparsityPattern(2, 3, [0, 2, 3], [0, 2, 1]).Intersect(new SparsityPattern(2, 3, [0, 2, 4], [1, 2, 0, 2])).ColumnIndices.ToArray().Should().Equal(2);

    [Fact]
    public void A_tridiagonal_residual_of_a_hundred_thousand_unknowns()
    {
        const int n = 100_000;
        Tensor<double> x = Tensor.LinearSpace(-1.0, 1.0, n);
        var jacobian = new SparseJacobian<double>(Broyden);
        SparseMatrix<double> matrix = jacobian.Evaluate(x);
        (jacobian.Colors, jacobian.Analyses, matrix.Pattern.Count).Should().Be((3, 1, (3 * n) - 2));
        Verify(matrix, x);

        // At another point pattern and colors are there already.
        Tensor<double> next = x * 0.5;
        SparsityPattern pattern = matrix.Pattern;
        matrix = jacobian.Evaluate(next);
        jacobian.Analyses.Should().Be(1);
        matrix.Pattern.Should().BeSameAs(pattern);
        Verify(matrix, next);

        static void Verify(SparseMatrix<double> matrix, Tensor<double> x)
        {
            for (int i = 0; i < n; i++)
            {
                int k = matrix.Pattern.RowOffsets[i];
                int first = Math.Max(i - 1, 0);
                int last = Math.Min(i + 1, n - 1);
                for (int j = first; j <= last; j++, k++)
                {
                    double expected = j < i ? -1 : j > i ? -2 : 3 - (4 * x.At(i));
                    if (matrix.Pattern.ColumnIndices[k] != j || Math.Abs(matrix.Values[k] - expected) > 1e-14)
                    {
                        Assert.Fail($"element ({i}, {j}) is {matrix.Values[k]} in column {matrix.Pattern.ColumnIndices[k]}, but should be {expected}");
                    }
                }
            }
        }
    }

    [Fact]
    public void A_compiled_one_gives_the_same_bits()
    {
        Tensor<double>[] points = [RandomPrograms.Point, RandomPrograms.Point * 0.9, -RandomPrograms.Point];
        Programs.Sample(program =>
        {
            Func<Tensor<double>, Tensor<double>> f = x => RandomPrograms.Run(x, program);
            Func<Tensor<double>, Tensor<double>> scalar = x => (f(x) * Tensor.Create([1.0, -0.5, 0.3, 0.7, 0.2, -0.9])).Sin().Sum();
            (SparseJacobian<double> jacobian, SparseHessian<double> hessian) = (new(f) { Compiled = true }, new(scalar) { Compiled = true });
            foreach (Tensor<double> x in points)
            {
                (SparseMatrix<double> plain, SparseMatrix<double> compiled) = (new SparseJacobian<double>(f).Evaluate(x), jacobian.Evaluate(x));
                compiled.ToDense().ToArray().Should().Equal(plain.ToDense().ToArray());
                hessian.Evaluate(x).ToDense().ToArray().Should().Equal(new SparseHessian<double>(scalar).Evaluate(x).ToDense().ToArray());
            }
        }, iter: 100, seed: "0000KOIPe036", threads: 1);
    }

    [Fact]
    public void A_compiled_one_calls_its_function_once_for_each_branch()
    {
        int calls = 0;
        var jacobian = new SparseJacobian<double>(x =>
        {
            calls++;
            return x.Sum().ToScalar() > 0 ? x * x : x[1..] * x[..^1];
        }) { Compiled = true };
        Tensor<double> x = Tensor.Create([1.0, 2, 3]);
        foreach (int sign in (int[])[1, 1, -1, 1, -1, -1, 1])
        {
            double[] expected = sign > 0 ? [2, 0, 0, 0, 4, 0, 0, 0, 6] : [-2, -1, 0, 0, -3, -2];
            jacobian.Evaluate(x * sign).ToDense().ToArray().Should().Equal(expected);
            jacobian.Pattern!.Count.Should().Be(sign > 0 ? 3 : 4);
        }

        (calls, jacobian.Analyses).Should().Be((2, 2));

        // Another shape is another program; a function that never takes the same course is called as it is.
        jacobian.Evaluate(Tensor.Ones(50)).ToDense().ToArray().Should().Equal((Tensor.Identity(50) * 2.0).ToArray());
#pragma warning disable AD1001 // That is what is tested.
        var restless = new SparseJacobian<double>(v => v * v.Sum().ToScalar()) { Compiled = true };
#pragma warning restore AD1001
        for (int i = 1; i < 50; i++)
        {
            restless.Evaluate(x * i).ToDense().ToArray().Should().Equal((Tensor.Identity(3) * (6.0 * i)).ToArray());
        }

        using var stop = new CancellationTokenSource();
        stop.Cancel();
        FluentActions.Invoking(() => jacobian.Evaluate(x, stop.Token)).Should().Throw<OperationCanceledException>();
        jacobian.Evaluate(x * 2.0).Values.ToArray().Should().Equal(4, 8, 12);
        FluentActions.Invoking(() => jacobian.Evaluate(null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void Sparse_equals_dense_on_random_programs() => Programs.Sample(program =>
    {
        Tensor<double> x = RandomPrograms.Point;
        Func<Tensor<double>, Tensor<double>> f = x => RandomPrograms.Run(x, program);
        NearWhereFinite(new SparseJacobian<double>(f).Evaluate(x).ToDense(), Differentiate.Jacobian(f, x));
    }, iter: 400, seed: "0000KOIPe036", threads: 1);

    [Fact]
    public void Sparse_Hessians_equal_dense_ones_on_random_programs() => Programs.Sample(program =>
    {
        Tensor<double> x = RandomPrograms.Point;
        Func<Tensor<double>, Tensor<double>> f = x => (RandomPrograms.Run(x, program) * Tensor.Create([1.0, -0.5, 0.3, 0.7, 0.2, -0.9])).Sin().Sum();
        NearWhereFinite(new SparseHessian<double>(f).Evaluate(x).ToDense(), Differentiate.Hessian(f, x));
    }, iter: 150, seed: "0000KOIPe036", threads: 1);

    /// <summary>A row of a wide arrow needs many colors of columns, but two of rows.</summary>
    [Fact]
    public void Rows_are_colored_where_they_take_fewer()
    {
        Func<Tensor<double>, Tensor<double>> f = x => Tensor.Concat([x.Square().Sum().Reshape(1), x[1..].Exp()]);
        Tensor<double> x = Tensor.LinearSpace(-1.0, 1.0, 50);
        var jacobian = new SparseJacobian<double>(f);
        Near(jacobian.Evaluate(x).ToDense(), Differentiate.Jacobian(f, x));
        jacobian.Colors.Should().Be(2);
    }

    [Fact]
    public void A_changed_branch_is_noticed()
    {
        Func<Tensor<double>, Tensor<double>> f = x => x.At(0) > 0 ? x * x[0] : x.Square();
        var jacobian = new SparseJacobian<double>(f);
        Tensor<double> positive = Tensor.Create([1.0, 2, 3]);
        Tensor<double> negative = Tensor.Create([-1.0, 2, 3]);
        jacobian.Evaluate(positive).Pattern.Count.Should().Be(5);
        jacobian.Evaluate(positive * 2.0).ToDense().ToArray().Should().Equal(4, 0, 0, 4, 2, 0, 6, 0, 2);
        jacobian.Analyses.Should().Be(1);
        jacobian.Evaluate(negative).ToDense().ToArray().Should().Equal(-2, 0, 0, 0, 4, 0, 0, 0, 6);
        (jacobian.Analyses, jacobian.Colors).Should().Be((2, 1));
        jacobian.Evaluate(positive).ToDense().ToArray().Should().Equal(2, 0, 0, 2, 1, 0, 3, 0, 1);
        jacobian.Analyses.Should().Be(3);
    }

    [Fact]
    public void A_moved_index_is_noticed()
    {
        int place = 1;
        var jacobian = new SparseJacobian<double>(x => x.Take([place, 0]));
        Tensor<double> x = Tensor.Create([1.0, 2, 3]);
        jacobian.Evaluate(x).ToDense().ToArray().Should().Equal(0, 1, 0, 1, 0, 0);
        place = 2;
        jacobian.Evaluate(x).ToDense().ToArray().Should().Equal(0, 0, 1, 1, 0, 0);
        jacobian.Analyses.Should().Be(2);
    }

    [Fact]
    public void The_memory_bound_divides_the_colors()
    {
        Func<Tensor<double>, Tensor<double>> f = x => (x.Reshape(20, 5).MatMul(Tensor.LinearSpace(-1.0, 1.0, 25).Reshape(5, 5)) * x.Reshape(20, 5)).Sin();
        Tensor<double> x = Tensor.LinearSpace(0.1, 2.0, 100);
        var bounded = new SparseJacobian<double>(x => f(x).Flatten(), new JacobianOptions { MemoryBound = 2 * 100 * sizeof(double) });
        Near(bounded.Evaluate(x).ToDense(), Differentiate.Jacobian(f, x).Reshape(100, 100));
        bounded.Colors.Should().Be(5);
    }

    [Fact]
    public void Products_with_vectors()
    {
        Tensor<double> x = Tensor.LinearSpace(-1.0, 1.0, 7);
        SparseMatrix<double> matrix = new SparseJacobian<double>(Broyden).Evaluate(x);
        double[] v = [1, -2, 3, -4, 5, -6, 7];
        Near(Tensor.Create<double>(matrix.Multiply(v)), Differentiate.Jvp(Broyden, x, Tensor.Create<double>(v)));
        Near(Tensor.Create<double>(matrix.MultiplyTransposed(v)), Differentiate.Vjp(Broyden, x, Tensor.Create<double>(v)));
        FluentActions.Invoking(() => matrix.Multiply([1, 2])).Should().Throw<TensorShapeException>().WithMessage("*2 elements*7*");
    }

    [Fact]
    public void A_function_that_depends_on_nothing()
    {
        var jacobian = new SparseJacobian<double>(x => Tensor.Create([1.0, 2]));
        SparseMatrix<double> matrix = jacobian.Evaluate(Tensor.Create([1.0, 2, 3]));
        (matrix.Pattern.Rows, matrix.Pattern.Columns, matrix.Pattern.Count, jacobian.Colors).Should().Be((2, 3, 0, 1));
    }

    /// <summary>Broyden's tridiagonal function (3 - 2 x_i) x_i - x_{i-1} - 2 x_{i+1} + 1.</summary>
    internal static Tensor<double> Broyden(Tensor<double> x)
    {
        Tensor<double> padded = x.Pad([(1, 1)]);
        return ((3.0 - (2.0 * x)) * x) - padded[..^2] - (2.0 * padded[2..]) + 1.0;
    }

    /// <summary>A random program may run into an infinite derivative (a root or a norm at zero); such a program has no Jacobian to compare.</summary>
    private static void NearWhereFinite(Tensor<double> actual, Tensor<double> expected)
    {
        if (expected.ToArray().All(double.IsFinite))
        {
            Near(actual, expected);
        }
    }

    internal static void Near(Tensor<double> actual, Tensor<double> expected)
    {
        actual.Shape.ToArray().Should().Equal(expected.Shape.ToArray());
        double size = Math.Max(1, expected.Norm().ToScalar());
        double.IsFinite(size).Should().BeTrue("a distance from numbers that are not finite says nothing");
        (actual - expected).Norm().ToScalar().Should().BeLessThanOrEqualTo(1e-12 * size);
    }
}
