#if MISTAKES
using AutoDiff;
using AutoDiff.Optimization;

namespace Consumer;

/// <summary>What the analyzers in the package are to warn of. It compiles all the same.</summary>
internal static class Mistakes
{
    public static Tensor<double> Train(Tensor<double> p)
    {
        var adam = new Adam<double>(0.1);
        for (int i = 0; i < 10; i++)
        {
            adam.Step(p, Differentiate.Gradient(static x => x.Square().Sum() * x.Norm().ToScalar(), p));
        }

        return p;
    }
}
#endif
