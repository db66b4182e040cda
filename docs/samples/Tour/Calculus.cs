using System.Runtime.CompilerServices;
using AutoDiff;
using Samples;

namespace Tour;

/// <summary>Part 1: derivative, gradient, Jacobian, the chain rule and the Hessian, number by number beside what pencil and paper give.</summary>
internal static class Calculus
{
    public static void Show()
    {
        Terminal.Heading("1  Calculus, number by number");
        Derivative();
        Gradient();
        ChainRule();
        Hessian();
    }

    /// <summary>f: R → R. The derivative is a number.</summary>
    private static void Derivative()
    {
        Terminal.Line("Derivative of f(x) = x³ - 2x at x = 2. By hand: 3x² - 2.");
        Compare(["df/dx"], Differentiate.Derivative(x => (x * x * x) - (x * 2.0), 2.0), [10.0]);
    }

    /// <summary>f: R^n → R. The gradient is a row, in the shape of x.</summary>
    private static void Gradient()
    {
        Terminal.Line("Gradient of f(x) = x₁² x₂ + exp(x₂) at x = (3, 0.5). By hand: (2 x₁ x₂, x₁² + exp(x₂)).");
        Compare(["∂f/∂x₁", "∂f/∂x₂"], Differentiate.Gradient(x => (x[0] * x[0] * x[1]) + x[1].Exp(), [3.0, 0.5]), [3.0, 9.0 + Math.Exp(0.5)]);
    }

    /// <summary>f: R² → R³ and g: R³ → R². Row i of a Jacobian is the gradient of output i, and J of g∘f is J_g at f(x) times J_f at x, in that order.</summary>
    private static void ChainRule()
    {
        static Tensor<double> F(Tensor<double> x) => Tensor.Stack([x[0] * x[1], x[0].Sin(), x[1] * x[1]]);
        static Tensor<double> G(Tensor<double> u) => Tensor.Stack([u[0] + (u[1] * u[2]), u[0] * u[2]]);

        Tensor<double> x = Tensor.Create([1.0, 2.0]);
        Tensor<double> jf = Differentiate.Jacobian(F, x);
        Tensor<double> jg = Differentiate.Jacobian(G, F(x));
        Tensor<double> product = jg.MatMul(jf);

        Terminal.Line("Jacobians of f(x) = (x₁ x₂, sin x₁, x₂²) and g(u) = (u₁ + u₂ u₃, u₁ u₃) at x = (1, 2).");
        Terminal.Line("J_f is 3 × 2, J_g is 2 × 3; the chain rule multiplies them from left to right, outermost first.");
        Terminal.Code("Differentiate.Jacobian(G, F(x)).MatMul(Differentiate.Jacobian(F, x))");
        Terminal.SideBySide($"J_g(f(x))\n{jg}", $"\n·", $"J_f(x)\n{jf}", $"\n=", $"J_g J_f\n{product}");
        Terminal.Line();

        double s = Math.Sin(1.0);
        double c = Math.Cos(1.0);
        Terminal.Line("In one go. By hand: g(f(x)) = (x₁ x₂ + x₂² sin x₁, x₁ x₂³).");
        Tensor<double> whole = Compare(["∂₁(g∘f)₁", "∂₂(g∘f)₁", "∂₁(g∘f)₂", "∂₂(g∘f)₂"], Differentiate.Jacobian(x => G(F(x)), x), [2 + (4 * c), 1 + (4 * s), 8, 12]);
        Terminal.Check("J_(g∘f) = J_g J_f", (whole - product).Abs().Max().ToScalar() < 1e-14);
        Terminal.Line();
    }

    /// <summary>f: R^n → R. The Hessian is the Jacobian of the gradient, a symmetric n × n matrix.</summary>
    private static void Hessian()
    {
        Terminal.Line("Hessian of f(x) = x₁² x₂ + exp(x₂) at x = (3, 0.5). By hand: (2 x₂, 2 x₁; 2 x₁, exp(x₂)).");
        Compare(["∂₁∂₁f", "∂₁∂₂f", "∂₂∂₁f", "∂₂∂₂f"], Differentiate.Hessian(x => (x[0] * x[0] * x[1]) + x[1].Exp(), [3.0, 0.5]), [1.0, 6.0, 6.0, Math.Exp(0.5)]);
    }

    /// <summary>Prints the line of code of a derivative, and its numbers beside the expected ones. Returns the derivative.</summary>
    private static Tensor<double> Compare(string[] names, Tensor<double> derivative, double[] expected, [CallerArgumentExpression(nameof(derivative))] string code = "")
    {
        Terminal.Code(code);
        Terminal.Compare(names, derivative, expected);
        return derivative;
    }
}
