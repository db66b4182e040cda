using AutoDiff.Kernels;

namespace AutoDiff.Tests.Operations;

/// <summary>Operations with deliberate mistakes: each must be caught by the theory that is there for it, or the theories prove nothing.</summary>
public class BrokenRules
{
    private static int calls;

    [Fact]
    public void A_wrong_value_is_caught() => Caught(Theories<double>.Value, new("Broken", x => x.Exp() + 1e-9, Math.Exp));

    [Fact]
    public void A_wrong_shape_is_caught() => Caught(Theories<double>.Value, new("Broken", x => x.Reshape(1, 3)) { Shapes = "3", Reference = Plain.Reshape(shape => shape) });

    [Fact]
    public void A_flipped_sign_is_caught() => Caught(x => Theories<double>.Orders(x, 1), Unary(VectorMath.Cos, x => x.Sin()));

    [Fact]
    public void A_wrong_saved_array_is_caught() => Caught(x => Theories<double>.Orders(x, 1), new("Broken", x => x.Elementwise(VectorMath.Exp, ofInput: static x => x)));

    [Fact]
    public void A_small_error_of_a_derivative_is_caught() => Caught(x => Theories<double>.Orders(x, 1), Unary(VectorMath.Exp, x => x.Exp() * (1 + 1e-7)));

    [Fact]
    public void A_detached_operand_is_caught_in_second_order() => Caught(x => Theories<double>.Orders(x, 2), new("Broken", Square));

    [Fact]
    public void A_detached_operand_is_caught_in_third_order() => Caught(x => Theories<double>.Orders(x, 3), Unary(
        static (x, y) =>
        {
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = x[i] * x[i] * x[i];
            }
        }, x => Square(x) * 3));

    [Fact]
    public void A_wrong_forward_rule_is_caught() => Caught(Theories<double>.DotProduct, General((g, x) => g * x.Cos(), (t, x) => t * x.Sin()));

    [Fact]
    public void A_wrong_backward_rule_is_caught() => Caught(Theories<double>.DotProduct, General((g, x) => g * x.Sin(), (t, x) => t * x.Cos()));

    [Fact]
    public void A_dropped_reduction_is_caught() => Caught(Theories<double>.Shapes, Sum(reduce: g => g));

    [Fact]
    public void A_reduction_that_takes_one_part_only_is_caught() => Caught(Theories<double>.DotProduct, Sum(reduce: g => g[..1]));

    [Fact]
    public void An_axis_counted_from_the_front_is_caught() => Caught(Theories<double>.Batching, new("Broken", x => Tensor<double>.General("Broken", [x], [],
        value: static (inputs, y) => y.Writable[0] = inputs[0].Values[0] + inputs[0].Values[1],
        vjp: static (g, _, _) => g.ExpandDims(-1).BroadcastTo([.. g.Shape, 2]),
        jvp: static (t, _, _) => t.Sum(0))) { Shapes = "2" });

    [Fact]
    public void An_assignment_for_an_addition_is_caught() => Caught(Theories<double>.DotProduct, new("Broken", x => x.Linear(new OverwritingMap(transposed: false), "Broken")) { Shapes = "2" });

    [Fact]
    public void A_rule_that_is_not_linear_is_caught() => Caught(Theories<double>.Linearity, General((g, x) => g * g, (t, x) => t * t));

    [Fact]
    public void A_rule_that_changes_its_cotangent_is_caught() => Caught(Theories<double>.Mutation, General(
        (g, x) =>
        {
            g.Writable.Fill(7);
            return g * x;
        }, (t, x) => t * x));

    [Fact]
    public void A_value_that_depends_on_the_tape_is_caught() => Caught(Theories<double>.Parity, new("Broken", x => x.Tape is null ? x.Exp() : x.Expm1() + 1));

    [Fact]
    public void Recording_before_validation_is_caught() => Caught(Theories<double>.Parity, new("Broken", x => x)
    {
        Bad = [new(typeof(TensorShapeException), on => on(2).Exp() + on(3))],
    });

    [Fact]
    public void A_missing_validation_is_caught() => Caught(Theories<double>.Parity, new("Broken", x => x) { Bad = [new(typeof(TensorShapeException), on => on(2) + on(1))] });

    [Fact]
    public void An_unsteady_kernel_is_caught() => Caught(Theories<double>.Determinism, Unary(static (x, y) => y.Fill(Interlocked.Increment(ref calls)), x => x));

    [Fact]
    public void A_wrong_convention_is_caught() => Caught(Theories<double>.Conventions, new("Broken", x => x.Elementwise(VectorMath.Abs, ofInput: static x => (x.Sign() + 0.5).Sign())) { Points = [(0, 0, 0)] });

    [Fact]
    public void A_fused_operation_that_differs_is_caught() => Caught(Theories<double>.Fusion, new("Broken", x => x.Softmax()) { Shapes = "3", Composed = x => x[0].Exp() / x[0].Square().Exp().Sum() });

    [Fact]
    public void A_rule_that_is_wrong_in_single_precision_is_caught()
    {
        OperationRow<float> single = new("Broken", x => x * 1.001f);
        Caught(x => Theories<float>.Precision(single, x), new("Broken", x => x));
    }

    [Fact]
    public void A_failure_names_operation_shapes_theory_and_both_numbers()
    {
        OperationRow<double> broken = new("Broken", x => x * 2.0, x => x) { Shapes = "2x1", Domain = (1, 2) };
        FluentActions.Invoking(() => Theories<double>.Value(broken)).Should().Throw<TheoryException>()
            .WithMessage("Broken on [2, 1] of Double, theory Value: value, element 0: 1.* and *, tolerance *");
    }

    private static void Caught(Func<OperationRow<double>, int> theory, OperationRow<double> broken) =>
        FluentActions.Invoking(() => theory(broken)).Should().Throw<TheoryException>().Which.Message.Should().StartWith("Broken on ");

    /// <summary>The square, with a slope that is right in value but a constant for differentiation.</summary>
    private static Tensor<double> Square(Tensor<double> x) => x.Elementwise(VectorMath.Square, ofInput: static x => x.Detach() * 2);

    private static OperationRow<double> Unary(UnaryKernel<double> kernel, Func<Tensor<double>, Tensor<double>> derivative) =>
        new("Broken", x => x.Elementwise(kernel, ofInput: derivative, name: "Broken"));

    /// <summary>The sine, by a rule with a mistake.</summary>
    private static OperationRow<double> General(Func<Tensor<double>, Tensor<double>, Tensor<double>> vjp, Func<Tensor<double>, Tensor<double>, Tensor<double>> jvp) =>
        new("Broken", x => Tensor<double>.General("Broken", [x], x.Dimensions, static (inputs, y) => VectorMath.Sin(inputs[0].Values, y.Writable),
            (g, _, operands) => vjp(g, operands[0]), (t, _, operands) => jvp(t, operands[0]))) { Shapes = "3" };

    /// <summary>x + y for x of shape [1] and y of shape [3], with a broadcast that is undone wrongly.</summary>
    private static OperationRow<double> Sum(Func<Tensor<double>, Tensor<double>> reduce) =>
        new("Broken", (x, y) => Tensor<double>.General("Broken", [x, y], [3],
            static (inputs, z) => VectorMath.Add(inputs[1].Values, inputs[0].Values[0], z.Writable),
            (g, i, _) => i == 0 ? reduce(g) : g, (t, i, _) => i == 0 ? t.BroadcastTo([.. t.Shape[..^1], 3]) : t)) { Shapes = "1 3" };

    /// <summary>y = (x0, x0, x1); the transpose forgets to add the two cotangents of x0.</summary>
    private sealed class OverwritingMap(bool transposed) : LinearMap<double>(transposed ? [3] : [2], transposed ? [2] : [3])
    {
        public override void Apply(ReadOnlySpan<double> x, Span<double> y, int batch)
        {
            for (int b = 0; b < batch; b++)
            {
                if (transposed)
                {
                    y[2 * b] = x[3 * b];
                    y[2 * b] = x[(3 * b) + 1];
                    y[(2 * b) + 1] = x[(3 * b) + 2];
                }
                else
                {
                    y[3 * b] = y[(3 * b) + 1] = x[2 * b];
                    y[(3 * b) + 2] = x[(2 * b) + 1];
                }
            }
        }

        public override void VisitNonzeros(Action<int, int> edge) => throw new NotSupportedException();

        protected override LinearMap<double> Transpose() => new OverwritingMap(!transposed);
    }
}
