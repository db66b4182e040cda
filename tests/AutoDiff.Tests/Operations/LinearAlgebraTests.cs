using static AutoDiff.Tests.Operations.PlainMatrices;

namespace AutoDiff.Tests.Operations;

/// <summary>Linear algebra where the operation table does not reach: singular and degenerate matrices, failures, shared factors.</summary>
public class LinearAlgebraTests
{
    [Fact]
    public void An_addend_with_factor_zero_is_not_read_and_gets_no_derivative()
    {
        using var tape = new Tape<double>();
        Tensor<double> c = tape.Variable(Tensor.Full(double.NaN, 2, 2));
        Tensor<double> a = tape.Variable(Tensor.Create([[1, 2], [3, 4]]));
        Tensor<double> y = c.AddMatMul(a, a, beta: 0);
        y.ToArray().Should().Equal(7, 10, 15, 22);
        c.AddMatMul(a.Detach(), a.Detach(), beta: 0).Tape.Should().BeSameAs(tape, "the result of a recorded operand is recorded");
        tape.Gradient(y.Sum(), c).ToArray().Should().Equal(0, 0, 0, 0);
        tape.Gradient(y.Sum(), a).ToArray().Should().Equal(7, 11, 9, 13);
        c.AddMatMul(a, a).IsNaN().All().ToScalar().Should().Be(1);
    }

    private const double Third = 1.0 / 3;

    private static readonly Func<Tensor<double>, Tensor<double>> Minors = a => Expand(a, [.. Enumerable.Range(0, a.Shape[0])], 0);

    /// <summary>The determinant by expansion along the first row, in recorded operations.</summary>
    private static Tensor<double> Expand(Tensor<double> a, int[] columns, int row)
    {
        Tensor<double> sum = columns.Length == 0 ? Tensor.Scalar(1.0) : a[0, 0] * 0;
        for (int j = 0; j < columns.Length; j++)
        {
            Tensor<double> term = a[row, columns[j]] * Expand(a, [.. columns.Where((_, k) => k != j)], row + 1);
            sum = j % 2 == 0 ? sum + term : sum - term;
        }

        return sum;
    }

    private static Tensor<double> Random(int seed, params int[] shape)
    {
        var random = new Random(seed);
        return Tensor.Create<double>(Enumerable.Range(0, Plain.Count(shape)).Select(_ => (2 * random.NextDouble()) - 1).ToArray(), shape);
    }

    private static Tensor<double> OfRank(int n, int rank) => rank == 0 ? Tensor.Zeros<double>(n, n) : Random(n, n, rank).MatMul(Random(n + 7, rank, n));

    private static void ShouldBe(Tensor<double> actual, Tensor<double> expected, double tolerance = 1e-12)
    {
        actual.Shape.ToArray().Should().Equal(expected.Shape.ToArray());
        double size = Math.Max(1, expected.ToArray().Select(Math.Abs).Append(0).Max());
        foreach ((double x, double y) in actual.ToArray().Zip(expected.ToArray()))
        {
            Agreement.Within(x, y, tolerance * size).Should().BeTrue("{0} should be {1}", x, y);
        }
    }

    [Theory]
    [InlineData(1, 0), InlineData(2, 0), InlineData(2, 1), InlineData(3, 0), InlineData(3, 1), InlineData(3, 2), InlineData(4, 0), InlineData(4, 1), InlineData(4, 2), InlineData(4, 3), InlineData(5, 3), InlineData(5, 2)]
    public void Determinant_of_a_singular_matrix_has_its_derivatives(int n, int rank)
    {
        Tensor<double> a = OfRank(n, rank);
        Tensor<double> v = Random(3, n, n);
        Tensor<double> w = Random(4, n, n);
        Func<Tensor<double>, Tensor<double>> det = x => x.Determinant();
        ShouldBe(Differentiate.Gradient(det, a), Differentiate.Gradient(Minors, a));
        ShouldBe(Differentiate.Hessian(det, a), Differentiate.Hessian(Minors, a));
        ShouldBe(Third3(det, a, v, w), Third3(Minors, a, v, w));
        ShouldBe(Differentiate.Jvp(x => Differentiate.Jvp(y => Differentiate.Jvp(det, y, v), x, w), a, v), Differentiate.Jvp(x => Differentiate.Jvp(y => Differentiate.Jvp(Minors, y, v), x, w), a, v));

        static Tensor<double> Third3(Func<Tensor<double>, Tensor<double>> f, Tensor<double> a, Tensor<double> v, Tensor<double> w) =>
            Differentiate.Gradient(z => (Differentiate.Gradient(y => (Differentiate.Gradient(f, y) * v).Sum(), z) * w).Sum(), a);
    }

    [Fact]
    public void Determinant_has_a_fourth_derivative_at_a_regular_matrix()
    {
        Tensor<double> a = Random(9, 4, 4) + Tensor.Identity<double>(4);
        Tensor<double> v = Random(3, 4, 4);
        Tensor<double> w = Random(4, 4, 4);
        Func<Tensor<double>, Tensor<double>> Fourth(Func<Tensor<double>, Tensor<double>> f) =>
            x => Differentiate.Gradient(z => Differentiate.Jvp(y => (Differentiate.Gradient(u => (Differentiate.Gradient(f, u) * v).Sum(), y) * w).Sum(), z, v), x);
        ShouldBe(Fourth(x => x.Determinant())(a), Fourth(Minors)(a), 1e-11);
    }

    [Fact]
    public void Logarithm_of_a_tiny_determinant_does_not_underflow()
    {
        Tensor<double> a = Tensor.Identity<double>(6) * 1e-60;
        a.SlogDet().LogAbs.ToScalar().Should().BeApproximately(-828.9306334778564, 1e-10);
        ShouldBe(Differentiate.Gradient(x => x.SlogDet().LogAbs, a), Tensor.Identity<double>(6) * 1e60);
        Tensor<double> singular = Tensor.Create([1.0, 2, 2, 4], 2, 2);
        (Tensor<double> sign, Tensor<double> log) = singular.SlogDet();
        sign.ToScalar().Should().Be(0);
        log.ToScalar().Should().Be(double.NegativeInfinity);
        Differentiate.Gradient(x => x.LogDet(), singular).ToArray().Should().Equal(double.NegativeInfinity, double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity);
        Tensor.Create([0.0, 1, 1, 0], 2, 2).LogDet().ToScalar().Should().Be(double.NaN);
    }

    /// <summary>λ ↦ Σ λ² = Σ a², Σ λ = tr A, and the product of the eigenvalues: their gradients are known at every matrix.</summary>
    [Fact]
    public void Functions_of_repeated_eigenvalues_have_their_gradient()
    {
        Tensor<double> rotation = Random(5, 4, 4).Qr().Q;
        foreach (Tensor<double> q in (Tensor<double>[])[Tensor.Identity<double>(4), rotation])
        {
            Tensor<double> a = (q * Tensor.Create([2.0, 2, 2, -1])).MatMul(q.Transpose());
            ShouldBe(Differentiate.Gradient(x => x.EigenvaluesSymmetric().Sum(), a), Tensor.Identity<double>(4));
            ShouldBe(Differentiate.Gradient(x => x.EigenvaluesSymmetric().Square().Sum(), a), a * 2);
            ShouldBe(Differentiate.Gradient(x => x.EigenvaluesSymmetric().Prod(), a), Differentiate.Gradient(x => x.Determinant(), a));
            Tensor<double> direction = Random(6, 4, 4);
            ShouldBe(Differentiate.Jvp(x => x.EigenvaluesSymmetric().Square().Sum(), a, direction), (a * direction).Sum() * 2);
            ShouldBe(Differentiate.Hvp(x => x.EigenvaluesSymmetric().Sum(), a, direction + direction.Transpose()), Tensor.Zeros<double>(4, 4));
            ShouldBe(Differentiate.Hvp(x => x.EigenvaluesSymmetric()[0], a, direction), Differentiate.Jacobian(x => Differentiate.Gradient(y => y.EigenvaluesSymmetric()[0], x), a).Reshape(16, 16).MatMul(direction.Flatten()).Reshape(4, 4));
            Differentiate.Hvp(x => x.EigenvaluesSymmetric().Square().Sum(), a, direction).ToArray().Should().OnlyContain(h => double.IsNaN(h), "the cotangent does not tell how it changes where the eigenvalues part");
        }
    }

    /// <summary>The projector on the space of a repeated eigenvalue depends on the vectors, but not on their choice: P' = P E S + S E P with the reduced resolvent S (Kato).</summary>
    [Fact]
    public void Projector_of_a_repeated_eigenvalue_has_its_gradient()
    {
        Tensor<double> q = Random(5, 4, 4).Qr().Q;
        Tensor<double> a = (q * Tensor.Create([2.0, 2, -1, 5])).MatMul(q.Transpose());
        Tensor<double> g = Random(8, 4, 4);
        Tensor<double> p = (q * Tensor.Create([1.0, 1, 0, 0])).MatMul(q.Transpose());
        Tensor<double> s = (q * Tensor.Create([0.0, 0, Third, -Third])).MatMul(q.Transpose());
        Tensor<double> expected = p.MatMul(g).MatMul(s) + s.MatMul(g).MatMul(p);
        ShouldBe(Differentiate.Vjp(Projector, a, g), (expected + expected.Transpose()) / 2);

        static Tensor<double> Projector(Tensor<double> x)
        {
            Tensor<double> v = x.Eigh().Vectors[.., 1..3];
            return v.MatMul(v.Transpose());
        }
    }

    [Fact]
    public void What_the_cotangents_do_not_tell_at_repeated_eigenvalues_is_not_a_number()
    {
        Tensor<double> a = Tensor.Identity<double>(2) * 2;
        Differentiate.Gradient(x => x.Eigh().Vectors[0, 1], a).ToArray().Should().OnlyContain(g => double.IsNaN(g), "one vector of two is a choice");
        Differentiate.Gradient(Rebuilt, a).ToArray().Should().OnlyContain(g => double.IsNaN(g), "the derivative depends on how the eigenvalues part");
        Differentiate.Jvp(x => x.Eigh().Vectors, a, Tensor.Create([0.0, 1, 1, 0], 2, 2)).ToArray().Should().OnlyContain(t => double.IsNaN(t));
        Differentiate.Jvp(x => x.Eigh().Vectors, a, Tensor.Create([1.0, 0, 0, 1], 2, 2)).ToArray().Should().OnlyContain(t => t == 0);
        Differentiate.Jvp(x => x.Eigh().Values, a, Tensor.Create([0.0, 1, 1, 0], 2, 2)).ToArray().Should().Equal(0, 0);

        static Tensor<double> Rebuilt(Tensor<double> x)
        {
            (Tensor<double> w, Tensor<double> v) = x.Eigh();
            return (v * w.ExpandDims(-2)).MatMul(v.Transpose())[0, 1];
        }
    }

    [Fact]
    public void Functions_of_matrices_need_no_separate_eigenvalues()
    {
        Tensor<double> a = Tensor.Identity<double>(3) * 4;
        Tensor<double> v = Random(2, 3, 3);
        Tensor<double> w = Random(3, 3, 3);

        // At a multiple of the identity a function of matrices has the derivatives of the scalar function: f'' (V W + W V) / 2.
        ShouldBe(Differentiate.Jvp(x => x.MatrixSqrt(), a, v), v / 4);
        ShouldBe(Differentiate.Jvp(x => Differentiate.Jvp(y => y.MatrixSqrt(), x, v), a, w), (v.MatMul(w) + w.MatMul(v)) * (-1.0 / 64));
        ShouldBe(Differentiate.Jvp(x => Differentiate.Jvp(y => y.MatrixExp(), x, v), a, w), (v.MatMul(w) + w.MatMul(v)) * (Math.Exp(4) / 2));
        ShouldBe(Differentiate.Gradient(x => (x.MatrixExp() * Tensor.Identity<double>(3)).Sum(), a), Tensor.Identity<double>(3) * Math.Exp(4));
        ShouldBe(Differentiate.Jvp(x => x.MatrixExp(), Tensor.Create([0.0, 1, 0, 0], 2, 2), Tensor.Create([0.0, 0, 1e-200, 0], 2, 2)) * 1e200, Tensor.Create([0.5, 1.0 / 6, 1, 0.5], 2, 2));
    }

    [Fact]
    public void Singular_values_have_subgradients_of_least_norm()
    {
        Tensor<double> zero = Tensor.Zeros<double>(3, 2);
        foreach (MatrixNormKind kind in Enum.GetValues<MatrixNormKind>())
        {
            ShouldBe(Differentiate.Gradient(x => x.MatrixNorm(kind), zero), zero);
        }

        ShouldBe(Differentiate.Gradient(x => x.MatrixNorm(MatrixNormKind.Nuclear), Tensor.Identity<double>(3)), Tensor.Identity<double>(3));
        ShouldBe(Differentiate.Gradient(x => x.MatrixNorm(MatrixNormKind.Two), Tensor.Identity<double>(2)), Tensor.Identity<double>(2) / 2);
        Tensor<double> q = Random(5, 3, 3).Qr().Q;
        ShouldBe(Differentiate.Gradient(x => x.SingularValues().Sum(), q * 2), q);
        ShouldBe(Differentiate.Gradient(x => x.SingularValues().Square().Sum(), q * 2), q * 4);
    }

    /// <summary>The orthogonal factor of the polar decomposition is smooth at repeated singular values: at the identity its derivative is the antisymmetric part.</summary>
    [Fact]
    public void Orthogonal_factor_has_its_gradient_at_repeated_singular_values()
    {
        Tensor<double> g = Random(4, 3, 3);
        ShouldBe(Differentiate.Vjp(x => { var (u, _, vh) = x.Svd(); return u.MatMul(vh); }, Tensor.Identity<double>(3) * 2, g), (g - g.Transpose()) / 4);
    }

    [Fact]
    public void Rank_deficient_least_squares_have_least_norm()
    {
        Tensor<double> a = Tensor.Create([1.0, 2, 2, 4], 2, 2);
        Tensor<double> b = Tensor.Create([5.0, 0]);
        ShouldBe(a.LeastSquares(b), Tensor.Create([0.2, 0.4]));
        ShouldBe(a.PseudoInverse(), a.Transpose() / 25);
        ShouldBe(Differentiate.Vjp(x => x.PseudoInverse(), a, Tensor.Create([1.0, 2, 3, 4], 2, 2)), Tensor.Create([-0.0336, -0.0592, -0.0992, -0.1824], 2, 2));
        ((int)a.MatrixRank().ToScalar()).Should().Be(1);
        Tensor.Zeros<double>(3, 2).MatrixRank().ToScalar().Should().Be(0);
    }

    [Fact]
    public void Failures_name_the_operation_the_matrix_and_the_pivot_and_record_nothing()
    {
        using var tape = new Tape<double>();
        Tensor<double> batch = tape.Variable(Tensor.Create([1.0, 0, 0, 1, 1, 2, 2, 1], 2, 2, 2));
        Tensor<double> singular = tape.Variable(Tensor.Create([1.0, 0, 0, 1, 1, 2, 2, 4], 2, 2, 2));
        Tensor<double> broken = tape.Variable(Tensor.Create([1.0, 0, 0, double.NaN], 2, 2));
        Tensor<double> b = tape.Variable(Tensor.Create([1.0, 2], 2));
        int count = tape.Count;
        Throws("Cholesky*matrix 1*order 2 (pivot 1)*", () => batch.Cholesky());
        Throws("Solve*matrix 1*pivot 1*", () => singular.Solve(b));
        Throws("Inverse*matrix 1*pivot 1*", () => singular.Inverse());
        Throws("MatrixPower*matrix 1*", () => singular.MatrixPower(-1));
        Throws("MatrixSqrt*matrix 1*", () => singular.MatrixSqrt());
        Throws("Eigh*matrix 0*", () => broken.Eigh().Values);
        Throws("Svd*matrix 0*", () => broken.SingularValues());
        Throws("PseudoInverse*matrix 0*", () => broken.LeastSquares(b));
        Throws("SolveSylvester*matrix 0*", () => batch[0].SolveLyapunovOfOpposite());
        Throws("TridiagonalSolve*matrix 0*pivot 0*", () => (b.Detach() * 0).TridiagonalSolve(Tensor.Create([0.0]), Tensor.Create([0.0]), b));
        tape.Count.Should().Be(count + 1, "indexing the batch was recorded, no failure was");

        static void Throws(string message, Func<Tensor<double>> call) => call.Should().Throw<FactorizationException>().WithMessage(message);
    }

    [Fact]
    public void Unread_halves_have_structurally_zero_derivatives()
    {
        Tensor<double> a = Tensor.Create([2.0, 0, 1, 4], 2, 2);
        Tensor<double> b = Tensor.Create([1.0, 2]);

        // The root has an infinite slope at the zero above the diagonal, which is not read.
        Tensor<double> gradient = Differentiate.Gradient(x => x.Sqrt().TriangularSolve(b).Sum(), a);
        gradient.ToArray().Should().OnlyContain(g => double.IsFinite(g));
        gradient.At(0, 1).Should().Be(0);
    }

    [Fact]
    public void A_vector_of_the_batch_shape_is_a_batch_of_vectors()
    {
        Tensor<double> a = Tensor.Create([4.0, 1, 2, 3, 5, 0, 1, 2], 2, 2, 2);
        ShouldBe(a.Solve(Tensor.Create([1.0, 2, 3, 4], 2, 2)), Tensor.Create([0.1, 0.6, 0.6, 1.7], 2, 2));
        ShouldBe(a[0].Solve(Tensor.Create([1.0, 2, 3, 4], 2, 2)), Tensor.Create([0.0, 0.2, 1, 1.2], 2, 2));
    }

    [Fact]
    public void Residual_of_an_ill_conditioned_system_is_small()
    {
        // Hilbert's matrix of order 8: the residual of a solve is small, whatever the condition.
        double[,] hilbert = New(8, 8, (i, j) => 1.0 / (i + j + 1));
        Tensor<double> h = Tensor.Create<double>(hilbert.Cast<double>().ToArray(), 8, 8);
        Tensor<double> b = Random(1, 8);
        Tensor<double> x = h.Solve(b);
        Tensor<double> residual = h.MatMul(x) - b;
        (residual.Norm().ToScalar() / x.Norm().ToScalar()).Should().BeLessThan(1e-15);
        double condition = h.ConditionNumber().ToScalar();
        condition.Should().BeApproximately(15257575698.870047, 1e4, "that is the quotient for the rounded elements, from a computation with 60 digits");
    }
}

internal static class LinearAlgebraTestExtensions
{
    /// <summary>A X - X A = A: a singular equation.</summary>
    public static Tensor<double> SolveLyapunovOfOpposite(this Tensor<double> a) => a.Detach().SolveSylvester(-a.Detach(), a);
}
