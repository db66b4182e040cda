using AutoDiff.Kernels;

namespace AutoDiff.Tests.Operations;

// The numbers of the points were computed with mpmath to fifty digits. The references are the scalar kernels, which have their own tests.
internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] SpecialIncomplete =>
    [
        new("RegularizedGammaP", (a, x) => a.RegularizedGammaP(x), IncompleteGamma.P) { Domain = (0.5, 4), Bad = BadPair((x, y) => x.RegularizedGammaP(y)), Points = [(0, 2, 1, -0.04890051070806112, 0),(1, 0.5, 0.3934693402873666, -0.48945757610237844, 0.6065306597126334), (0.125, 2, 0.9926555107226147, -0.06889846202091944, 0.009794618854991046), (20, 15, 0.12478121503252482, -0.04851376809420051, 0.05574707333475279), (1000, 1010, 0.6276789447369947, -0.011945731337225441, 0.01188451503603511), (2, 0, 0, 0, 0), (1, 0, 0, 0, 1)] },
        new("RegularizedGammaQ", (a, x) => a.RegularizedGammaQ(x), IncompleteGamma.Q) { Domain = (0.5, 4), Bad = BadPair((x, y) => x.RegularizedGammaQ(y)), Points = [(1, 0.5, 0.6065306597126334, 0.48945757610237844, -0.6065306597126334), (0.125, 2, 0.007344489277385283, 0.06889846202091944, -0.009794618854991046), (20, 15, 0.8752187849674752, 0.04851376809420051, -0.05574707333475279), (3, 60, 1.6295866529378224e-23, 5.1959295826872727e-23, -1.5761719372853736e-23)] },
        new("InverseRegularizedGammaP", (a, p) => a.InverseRegularizedGammaP(p), IncompleteGamma.InverseP) { Domains = [(0.6, 4), (0.15, 0.85)], Bad = BadPair((x, y) => x.InverseRegularizedGammaP(y)), Points = [(1, 0.5, 0.6931471805599453, 0.9680448304420445, 2), (2.5, 0.03125, 0.460046267404732, 0.40472985647157605, 6.748845530519873), (20, 0.75, 22.80800680947107, 1.076061330200964, 15.375412513907657)] },
        new("InverseRegularizedGammaQ", (a, q) => a.InverseRegularizedGammaQ(q), IncompleteGamma.InverseQ) { Domains = [(0.6, 4), (0.15, 0.85)], Bad = BadPair((x, y) => x.InverseRegularizedGammaQ(y)), Points = [(1, 0.5, 0.6931471805599453, 0.9680448304420445, -2), (2.5, 0.03125, 6.13579660291061, 1.618284777365272, -40.417772449288265), (20, 0.75, 16.830147461492224, 0.9238609506066323, -12.550594298514051)] },
        new("RegularizedBeta", (x, a, b) => x.RegularizedBeta(a, b), (x, a, b) => IncompleteBeta.Value(a, b, x)) { Domains = [(0.2, 0.8), (0.6, 3), (0.6, 3)], Points = [new([[0.5], [2], [3]], [0.6875], [[1.5], [-0.1952886866349624], [0.1541084939249829]]), new([[0.03125], [0.5], [4]], [0.3748395721400038], [[5.625073502666438], [-0.8079218843391178], [0.04591879700945517]]), new([[0.75], [30], [12.5]], [0.7263397246323979], [[5.070902133265107], [-0.031161280398418447], [0.08414891104275847]])], Bad = [Throws<TensorShapeException>(on => on(2, 3).RegularizedBeta(on(4), on(1))), Throws<ArgumentNullException>(on => on(2).RegularizedBeta(null!, on(2)))] },
        new("InverseRegularizedBeta", (p, a, b) => p.InverseRegularizedBeta(a, b), (p, a, b) => IncompleteBeta.Inverse(a, b, p)) { Domains = [(0.2, 0.8), (0.7, 3), (0.7, 3)], Points = [new([[0.5], [2], [2]], [0.5], [[0.6666666666666666], [0.1477157268533151], [-0.1477157268533151]])], Bad = [Throws<TensorShapeException>(on => on(2, 3).InverseRegularizedBeta(on(4), on(1))), Throws<ArgumentNullException>(on => on(2).InverseRegularizedBeta(null!, on(2)))] },
    ];
}
