using AutoDiff.Tests.Operations;

namespace AutoDiff.Tests.Diagnostics;

public class AuditTests
{
    public static IEnumerable<object[]> Rows => OperationTable<double>.Rows.Values.Where(row => !row.Constant).Select(row => new object[] { row.Name });

    private static readonly Tensor<double> Others = Tensor.Create([0.1, 0.3, 0.7]);

    private static readonly Dictionary<string, Func<Tensor<double>, Tensor<double>>> Followed = new()
    {
        ["a sum"] = x => x + Others, ["a sum with a number"] = x => x + (1 / 3.0),
        ["a difference"] = x => x - Others, ["less a number"] = x => x - (1 / 3.0), ["a number less"] = x => (1 / 3.0) - x,
        ["a product"] = x => x * Others, ["a multiple"] = x => x * (1 / 3.0),
        ["a quotient"] = x => x / Others, ["by a number"] = x => x / 3.0, ["a number by"] = x => 3.0 / x,
        ["a power"] = x => x.Pow(Others), ["a power that is a number"] = x => x.Pow(1.7),
        ["the sum"] = x => x.Sum(), ["running sums"] = x => x.CumSum(0), ["a product of matrices"] = x => x.Reshape(1, 3).MatMul(x.Reshape(3, 1)),
        ["Softmax"] = x => x.Reshape(1, 3).Softmax(), ["LogSoftmax"] = x => x.Reshape(1, 3).LogSoftmax(), ["LogSumExp"] = x => x.Reshape(1, 3).LogSumExp(1),
        ["Cos"] = x => x.Cos(), ["Cosh"] = x => x.Cosh(), ["Exp"] = x => x.Exp(), ["Expm1"] = x => x.Expm1(), ["Log"] = x => x.Log(), ["Log1p"] = x => x.Log1p(),
        ["Sigmoid"] = x => x.Sigmoid(), ["Sin"] = x => x.Sin(), ["Sinh"] = x => x.Sinh(), ["Softplus"] = x => x.Softplus(), ["Sqrt"] = x => x.Sqrt(), ["Square"] = x => x.Square(),
        ["Tan"] = x => x.Tan(), ["Tanh"] = x => x.Tanh(),
        ["Asin"] = x => (x * 0.5).Asin(), ["Acos"] = x => (x * 0.5).Acos(), ["Asinh"] = x => x.Asinh(), ["Acosh"] = x => (x + 1.0).Acosh(), ["Atanh"] = x => (x * 0.5).Atanh(),
        ["Gamma"] = x => x.Gamma(), ["Digamma"] = x => (x + 2.0).Digamma(), ["Polygamma"] = x => x.Polygamma(1), ["Erf"] = x => x.Erf(), ["Erfc"] = x => x.Erfc(), ["Ndtr"] = x => x.Ndtr(), ["LogNdtr"] = x => x.LogNdtr(),
        ["a convolution"] = x => x.Reshape(1, 3).Conv1D(Others[..2].Reshape(1, 1, 2)), ["a transposed convolution"] = x => x.Reshape(1, 3).ConvTranspose1D(Others.Reshape(1, 1, 3), stride: 2),
    };

    /// <summary>Functions whose derivative is an operation of the sweep by itself.</summary>
    private static readonly string[] WithSlopes = ["Asin", "Asinh", "Atanh", "Erf", "Ndtr", "Cos", "Expm1", "Log", "Sigmoid", "Sin", "Softplus", "Sqrt", "Square", "Tanh"];

    public static IEnumerable<object[]> OfRules => [.. Followed.Keys.Select(name => new object[] { name, false }), .. WithSlopes.Select(name => new object[] { name, true })];

    /// <summary>What a rule gives beyond a double is seen once the double is taken off: nothing of it is left where a rule rounds.</summary>
    [Theory]
    [MemberData(nameof(OfRules))]
    public void Rules_tell_what_a_double_cannot_hold(string name, bool slope)
    {
        Func<Tensor<double>, Tensor<double>> f = slope ? x => Differentiate.Vjp(z => Followed[name](z).Reshape(-1), x, Tensor.Create([1.1, 0.7, 0.3])[..Followed[name](x).Length]) : Followed[name];
        Tensor<double> x = Tensor.Create([0.37, 0.71, 1.93]), rounded = f(x);
        AuditReport report = Differentiate.Audit(x => f(x) - rounded, x);
        report.NotFollowed.Should().BeEmpty();
        double[] rest = report.Value.Reference.ToArray(), y = rounded.ToArray();
        rest.Should().Contain(r => r != 0);
        for (int i = 0; i < y.Length; i++)
        {
            Math.Abs(rest[i]).Should().BeLessThan(16 * (Math.BitIncrement(Math.Abs(y[i])) - Math.Abs(y[i])) + 1e-300, "element {0} of {1} is right to a few units in the last place", i, name);
        }
    }

    [Fact]
    public void Cancellation_is_found_where_it_happens()
    {
        AuditReport report = Differentiate.Audit(x => (1.0 - x.Cos()) / x.Square(), Tensor.Scalar(1e-8));
        report.Value.Digits.Should().Be(0);
        report.Value.Value.Should().Be(0);
        report.Value.Reference.ToScalar().Should().BeApproximately(0.5, 1e-15);
        AuditedOperation worst = report.Operations[0];
        (worst.Operation.Name, worst.Digits).Should().Be(("Subtract", 0));
        worst.DigitsBefore.Should().BeGreaterThan(15);
        worst.OwnDigits.Should().Be(report.Precision, "a difference of neighbors is exact");
        report.ToString().Should().Contain("#2 Subtract []").And.Contain("value: 0.0 digits (0 computed, 0.49999999999999");
        report.NotFollowed.Should().BeEmpty();

        // The same by sin²(x / 2), which does not cancel.
        Differentiate.Audit(x => 2.0 * ((0.5 * x).Sin() / x).Square(), Tensor.Scalar(1e-8)).Value.Digits.Should().BeGreaterThan(15);
    }

    [Fact]
    public void A_sum_that_swallows_a_term_and_the_logarithm_that_shows_it()
    {
        AuditReport report = Differentiate.Audit(x => (1.0 + x).Log(), Tensor.Scalar(1e-17));
        report.Value.Digits.Should().Be(0);
        report.Value.Reference.ToScalar().Should().Be(1e-17);
        report.Operations[0].Operation.Name.Should().Be("Log");
        report.Operations[0].Lost.Should().BeGreaterThan(15);
        report.Gradients[0].Digits.Should().BeGreaterThan(15, "1 / (1 + x) has no such trouble");
        Differentiate.Audit(x => x.Log1p(), Tensor.Scalar(1e-17)).Value.Digits.Should().BeGreaterThan(15);
    }

    [Fact]
    public void The_small_root_of_a_quadratic_equation()
    {
        // x² + b x + 1 = 0: -b/2 + √(b²/4 - 1) cancels, the quotient does not.
        AuditReport naive = Differentiate.Audit(b => (-b + (b.Square() - 4.0).Sqrt()) * 0.5, Tensor.Scalar(1e5));
        AuditReport stable = Differentiate.Audit(b => -2.0 / (b + (b.Square() - 4.0).Sqrt()), Tensor.Scalar(1e5));
        naive.Value.Digits.Should().BeInRange(4, 7);
        stable.Value.Digits.Should().BeGreaterThan(15);
        naive.Value.Reference.ToScalar().Should().BeApproximately(stable.Value.Value, 1e-20);
        naive.Operations[0].Operation.Name.Should().Be("Add");

        // The report says what the comparison with the root says.
        double right = -Math.Log10(Math.Abs(naive.Value.Value - stable.Value.Value) / Math.Abs(stable.Value.Value));
        naive.Value.Digits.Should().BeApproximately(right, 0.01);
    }

    [Fact]
    public void A_variance_from_moments_with_a_large_mean()
    {
        Tensor<double> x = 1e6 + new RandomKey(3).Normal(50);
        AuditReport naive = Differentiate.Audit(x => x.Square().Mean() - x.Mean().Square(), x);
        AuditReport centered = Differentiate.Audit(x => (x - x.Mean()).Square().Mean(), x);
        naive.Value.Digits.Should().BeLessThan(6);
        centered.Value.Digits.Should().BeGreaterThan(14);
        naive.Operations[0].Operation.Name.Should().Be("Subtract");
        naive.Value.Reference.ToScalar().Should().BeApproximately(centered.Value.Reference.ToScalar(), 1e-14);
    }

    [Fact]
    public void An_exponential_minus_one_by_hand()
    {
        AuditReport report = Differentiate.Audit(x => x.Exp() - 1.0, Tensor.Create([1.0, 1e-10, 1e-5]));
        report.Value.Element.ToArray().Should().Equal(1);
        report.Value.Digits.Should().BeInRange(5, 9);
        report.Value.DigitsOfElements.At(2).Should().BeInRange(9, 13);
        report.Value.Reference.At(1).Should().Be(1.00000000005e-10);
        report.Gradients.Should().BeEmpty("the value has several elements");
        Differentiate.Audit(x => x.Expm1(), Tensor.Create([1.0, 1e-10, 1e-5])).Value.Digits.Should().BeGreaterThan(15);
    }

    [Fact]
    public void A_gradient_can_be_worse_than_its_value()
    {
        // 1 + log(x) / x + ...: the value is dominated by 1, its derivative is the difference that cancels.
        AuditReport report = Differentiate.Audit(x => 1.0 + (x - x.Sin()), Tensor.Scalar(1e-5));
        report.Value.Digits.Should().BeGreaterThan(15);
        report.Gradients[0].Digits.Should().BeInRange(4, 8);
        report.Gradients[0].Reference.ToScalar().Should().BeApproximately(2 * Math.Pow(Math.Sin(0.5e-5), 2), 1e-25);
        report.Operations.First(row => row.InGradient).Digits.Should().BeApproximately(report.Gradients[0].Digits, 1e-9);
        report.ToString().Should().Contain("gradient: ");

        // A derivative is a function like any other.
        Differentiate.Audit(x => Differentiate.Derivative(x => 1.0 + (x - x.Sin()), x), Tensor.Scalar(1e-5)).Value.Digits.Should().BeApproximately(report.Gradients[0].Digits, 1e-9);
    }

    [Fact]
    public void Well_conditioned_programs_keep_fifteen_digits()
    {
        Tensor<double> w = new RandomKey(1).Uniform(8, 8) + 0.5, x = new RandomKey(2).Uniform(8) + 0.5;
        AuditReport report = Differentiate.Audit(p => (p[0].MatMul(p[1]) / 10.0).Tanh().Exp().Sum().Log().Sqrt(), [w, x]);
        report.Value.Digits.Should().BeGreaterThan(15);
        report.Gradients.Should().HaveCount(2).And.OnlyContain(gradient => gradient.Digits > 14.5);
        report.Operations.Should().OnlyContain(row => row.Lost < 1.5);
        report.NotFollowed.Should().BeEmpty();
        report.ToString().Should().Contain("no operation lost half a digit");
    }

    /// <summary>Hilbert's matrix times the least common multiple of its denominators: integers, so that its entries and the exact results below are not rounded.</summary>
    private static (Tensor<double> Matrix, double Scale) Hilbert(int n)
    {
        long scale = 1;
        for (int k = 2; k < 2 * n; k++)
        {
            scale = scale / (long)System.Numerics.BigInteger.GreatestCommonDivisor(scale, k) * k;
        }

        return (Tensor.Create([.. Enumerable.Range(0, n * n).Select(i => (double)(scale / ((i / n) + (i % n) + 1)))], n, n), scale);
    }

    /// <summary>ln det of Hilbert's matrix, Π k!⁴ / Π k! up to n - 1 and 2n - 1 (Choi, "Tricks or treats with the Hilbert matrix", 1983).</summary>
    private static double LogDetHilbert(int n, double scale) =>
        (n * Math.Log(scale)) + (4 * Enumerable.Range(1, n - 1).Sum(LogFactorial)) - Enumerable.Range(1, (2 * n) - 1).Sum(LogFactorial);

    private static double LogFactorial(int k) => Enumerable.Range(1, k).Sum(i => Math.Log(i));

    [Fact]
    public void Systems_of_Hilbert_matrices_keep_the_digits_that_their_condition_leaves()
    {
        const int N = 10;
        (Tensor<double> a, _) = Hilbert(N);
        Tensor<double> b = a.Sum(1);
        Func<Tensor<double>, Tensor<double>>[] solvers = [a => a.Solve(b), a => a.Inverse().MatMul(b), a => a.Cholesky().CholeskySolve(b), a => a.Qr() is var (q, r) ? r.TriangularSolve(q.Transpose().MatMul(b), upper: true) : b];
        foreach (Func<Tensor<double>, Tensor<double>> solve in solvers)
        {
            AuditReport report = Differentiate.Audit(solve, a);
            report.NotFollowed.Should().BeEmpty();
            report.Value.Digits.Should().BeInRange(0, 8, "the condition is 1.6e13");
            double[] computed = solve(a).ToArray();
            for (int i = 0; i < N; i++)
            {
                report.Value.Reference.At(i).Should().BeApproximately(1, 1e-12, "the solution is a vector of ones");
                report.Value.DigitsOfElements.At(i).Should().BeApproximately(Math.Clamp(-Math.Log10(Math.Abs(computed[i] - 1)), 0, report.Precision), 0.1);
            }
        }

        Differentiate.Audit(a => a.Solve(b), a).Operations.Single(row => row.Operation.Name == "Solve").OwnDigits.Should().BeLessThan(8);
    }

    [Fact]
    public void Determinants_and_factors_of_Hilbert_matrices_are_followed()
    {
        const int N = 9;
        (Tensor<double> a, double scale) = Hilbert(N);
        double expected = LogDetHilbert(N, scale);
        Dictionary<string, Func<Tensor<double>, Tensor<double>>> programs = new()
        {
            ["LogDet"] = a => a.LogDet(), ["SlogDet"] = a => a.SlogDet().LogAbs, ["Determinant"] = a => a.Determinant().Log(), ["Cholesky"] = a => a.Cholesky().Diagonal().Log().Sum() * 2.0,
            ["Qr"] = a => a.Qr().R.Diagonal().Abs().Log().Sum(), ["Eigh"] = a => a.Eigh().Values.Log().Sum(), ["Svd"] = a => a.Svd().S.Log().Sum(),
        };
        foreach ((string name, Func<Tensor<double>, Tensor<double>> f) in programs)
        {
            AuditReport report = Differentiate.Audit(x => f(x) * 1.0, a);
            report.Value.Reference.ToScalar().Should().BeApproximately(expected, 1e-11, name);
            report.Operations.Single(row => row.Operation.Name == name && !row.InGradient).OwnDigits.Should().BeLessThan(name is "LogDet" or "SlogDet" ? 16 : 13, name);
        }
    }

    [Fact]
    public void A_convolution_that_cancels()
    {
        AuditReport report = Differentiate.Audit(x => x.Conv1D(Tensor.Ones(1, 1, 3), padding: 1), Tensor.Create([1e17, 1.0, -1e17, 3.0], 1, 4));
        report.Value.Reference.ToArray().Should().Equal(1e17, 1.0, -1e17 + 4, -1e17 + 3);
        report.Value.DigitsOfElements.At(0, 1).Should().Be(0);
        report.Operations[0].Operation.Name.Should().Be("Conv1D");
        report.NotFollowed.Should().BeEmpty();
    }

    [Fact]
    public void Floats_have_seven_digits()
    {
        AuditReport report = Differentiate.Audit(x => (x.Exp() - 1f).Sum(), Tensor.Create([1e-3f]));
        report.Precision.Should().BeApproximately(7.22, 0.01);
        report.Value.Digits.Should().BeInRange(3, 5.5);
        report.Value.Reference.ToScalar().Should().BeApproximately(Math.Exp(1e-3f) - 1, 1e-12);
    }

    [Fact]
    public void Factors_pooling_and_special_functions_are_followed_with_their_gradients()
    {
        Tensor<double> a = new RandomKey(9).Normal(4, 4), w = new RandomKey(10).Normal(4, 4), positive = Tensor.Create([0.4, 1.5, 7.0]);
        (Func<Tensor<double>, Tensor<double>> F, Tensor<double> X)[] programs =
        [
            (x => (x.Lu().L * w).Sum() + (x.Lu().U * w).Sum(), a), (x => x.Determinant(), a), (x => x.Reshape(1, 1, 4, 4).MaxPool2D(2).Sum() + x.Reshape(1, 1, 4, 4).AvgPool2D(2).Square().Sum(), a),
            (x => (x + 1.0).Zeta().Sum(), positive), (x => (x.BesselJ(1.0) * x.BesselY(0.0)).Sum() + x.BesselI(0.5).Log().Sum() + x.BesselK(2.0).Sum(), positive),
            (x => (x.AiryAi() * x.AiryBi()).Sum() + (-x).AiryAi().Sum(), positive),
        ];
        foreach ((Func<Tensor<double>, Tensor<double>> f, Tensor<double> x) in programs)
        {
            AuditReport report = Differentiate.Audit(f, x);
            report.NotFollowed.Should().BeEmpty();
            report.Value.Digits.Should().BeGreaterThan(12);
            report.Gradients[0].Digits.Should().BeGreaterThan(11);
        }
    }

    [Fact]
    public void What_is_lost_before_a_Bessel_function_shows_behind_it()
    {
        // 1 + h - 1 has seven digits, and so has J₁ of it, which is half of it.
        AuditReport report = Differentiate.Audit(x => (x + 1.0 - 1.0).BesselJ(1.0), Tensor.Scalar(1.0 / 3 * 1e-8));
        report.Value.Digits.Should().BeInRange(6, 9);
        report.NotFollowed.Should().BeEmpty();
        report.Value.Reference.ToScalar().Should().BeApproximately(1.0 / 6 * 1e-8, 1e-23);
    }

    [Fact]
    public void Operations_without_a_counterpart_pass_errors_on()
    {
        // What the custom operation gets has lost its digits; its slope 2 hands that on.
        var twice = new CustomOperation<double>("twice", xs => xs[0] * 2.0, vjp: (g, xs, y) => [g * 2.0]);
        AuditReport report = Differentiate.Audit(x => twice.Apply(x.Exp() - 1.0), Tensor.Scalar(1e-10));
        report.Value.Digits.Should().BeInRange(5, 9);
        report.Value.Reference.ToScalar().Should().BeApproximately(2.0000000001e-10, 1e-24);
        report.NotFollowed.Should().Equal("twice");
        report.Operations.Single(row => row.Operation.Name == "twice").OwnDigits.Should().BeNull();
        report.ToString().Should().Contain("own rounding unknown: twice");
    }

    [Fact]
    public void Fused_operations_are_followed_by_their_composition()
    {
        Tensor<double> x = new RandomKey(4).Normal(3, 4), w = new RandomKey(5).Normal(3, 4);
        AuditReport report = Differentiate.Audit(x => (x.Softmax(1) * w).Sum(), x);
        AuditedOperation product = report.Operations.Single(row => row.Operation.Name == "SoftmaxProduct");
        product.InGradient.Should().BeTrue();
        product.OwnDigits.Should().BeInRange(13, 16);
        report.NotFollowed.Should().BeEmpty();
        report.Value.Digits.Should().BeGreaterThan(14);
    }

    [Fact]
    public void A_tape_that_is_active_is_left_as_it_was()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(2.0);
        Tensor<double> y = x * x;
        int count = tape.Count;
        Differentiate.Audit(t => (t * y).Sin(), x).Value.Digits.Should().BeGreaterThan(15);
        tape.Count.Should().Be(count);
        tape.Gradient(y, x).ToScalar().Should().Be(4);
    }

    [Fact]
    public void Constants_nothing_and_numbers_that_are_not_finite()
    {
        AuditReport constant = Differentiate.Audit(x => Tensor.Scalar(3.0), Tensor.Scalar(1.0));
        constant.Value.Digits.Should().Be(constant.Precision);
        Differentiate.Audit(x => x.Log(), Tensor.Create([0.0, -1.0, double.PositiveInfinity])).Value.Digits.Should().Be(constant.Precision, "the infinities and NaN are meant");
        Differentiate.Audit(x => x.Exp(), Tensor.Create([1000.0, -1000.0])).Value.Digits.Should().Be(constant.Precision);
        AuditReport nothing = Differentiate.Audit(x => x * 2.0, Tensor.Zeros(0));
        nothing.Value.Digits.Should().Be(nothing.Precision);
        nothing.ToString().Should().StartWith("value: nothing\n");
        using var source = new CancellationTokenSource();
        source.Cancel();
        FluentActions.Invoking(() => Differentiate.Audit(x => x * 2.0, Tensor.Scalar(1.0), source.Token)).Should().Throw<OperationCanceledException>();
    }

    /// <summary>
    /// A rule in double-double computes what the operation computes: their results for the same operands agree to a few units in the last place. A rule of another function, or of the wrong operand, would not.
    /// </summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void The_rules_compute_what_the_operation_computes(string name)
    {
        OperationRow<double> row = OperationTable<double>.Rows[name];
        foreach (Theories<double>.Trial trial in Theories<double>.Trials(row, "audit"))
        {
            AuditReport report = Differentiate.Audit(x => row.F(x), trial.X);
            report.Value.Digits.Should().BeInRange(0, report.Precision);
            foreach (AuditedOperation operation in report.Operations)
            {
                // Deviations from a mean sum to zero: no digit of that is right.
                double tolerated = operation.Operation.Name switch
                {
                    "Sum" or "MatMul" or "CumSum" => name.StartsWith("Covariance", StringComparison.Ordinal) ? -1 : 11,
                    "Cholesky" or "Inverse" or "Determinant" or "LogDet" or "SlogDet" or "Solve" or "TensorSolve" or "TriangularSolve" or "Qr" or "Eigh" or "Svd" => 9,
                    _ when operation.Operation.Name.StartsWith("Conv", StringComparison.Ordinal) => 11,
                    // Near their zeros, and where weights of both signs cancel.
                    _ when operation.Operation.Name.StartsWith("Bessel", StringComparison.Ordinal) || operation.Operation.Name.StartsWith("Airy", StringComparison.Ordinal) => 9,
                    "Interpolate" => 12,
                    // Near the zeros of a logarithm.
                    "LogBeta" => 11,
                    "LogAddExp" => 13,
                    _ => 14,
                };
                (operation.OwnDigits ?? 16).Should().BeGreaterThan(tolerated, $"{operation.Operation} of {name}");
            }
        }
    }
}
