namespace AutoDiff.GradBench.Problems;

/// <summary>
/// A charged particle flies past two fixed charges, one of them moved by a control w; the w is sought for which it crosses the axis at the origin. The force is a derivative, and the search
/// differentiates by w what was computed from it. Pearlmutter and Siskind (2008).
/// </summary>
internal static class ChargedParticle
{
    private const double TimeStep = 0.1;

    /// <summary>The control found from a starting value, with a mode for the search and one for the force.</summary>
    public static double Control(double start, GradientOf search, GradientOf force) => GradientDescent.ArgMin(w => Miss(w, force), Tensor.Scalar(start), search).ToScalar();

    /// <summary>The square of the place where the particle crosses the axis.</summary>
    private static Tensor<double> Miss(Tensor<double> w, GradientOf force)
    {
        Tensor<double> fixedCharge = Tensor.Create([10.0, 0]);
        Tensor<double> movedCharge = Tensor.Stack([Tensor.Scalar(10.0), 10.0 - w]);
        Tensor<double> x = Tensor.Create([0.0, 8]);
        Tensor<double> v = Tensor.Create([0.75, 0]);
        while (true)
        {
            Tensor<double> next = x + (v * TimeStep);
            if (next.At(1) <= 0)
            {
                Tensor<double> time = -x[1] / v[1];
                return (x[0] + (time * v[0])).Square();
            }

            v -= force(at => (at - movedCharge).Norm().Reciprocal() + (at - fixedCharge).Norm().Reciprocal(), x) * TimeStep;
            x = next;
        }
    }
}
