namespace AutoDiff;

// Functions of the interfaces of generic math that have no name of their own among the operations: those of Lane<T>.
public sealed partial class Tensor<T>
{
    private static readonly T OverPi = T.One / T.Pi;

    internal Tensor<T> Exp2M1() => Pointwise(T.Exp2M1, ofInput: static x => x.ScaledExp2(LogOf2));

    internal Tensor<T> Exp10M1() => Pointwise(T.Exp10M1, ofInput: static x => x.Exp10() * LogOf10);

    internal Tensor<T> Log2P1() => Pointwise(T.Log2P1, ofInput: static x => (T.One / LogOf2) / (x + T.One));

    internal Tensor<T> Log10P1() => Pointwise(T.Log10P1, ofInput: static x => (T.One / LogOf10) / (x + T.One));

    internal Tensor<T> TanPi() => Pointwise(T.TanPi, ofOutput: static y => (y.Square() + T.One) * T.Pi);

    internal Tensor<T> AsinPi() => Pointwise(T.AsinPi, ofInput: static x => x.InverseCircle() * OverPi);

    internal Tensor<T> AcosPi() => Pointwise(T.AcosPi, ofInput: static x => x.InverseCircle() * -OverPi);

    internal Tensor<T> AtanPi() => Pointwise(T.AtanPi, ofInput: static x => x.InverseHypotenuse().Square() * OverPi);

    internal Tensor<T> Atan2Pi(Tensor<T> x) => Pairwise(T.Atan2Pi, this, x, nameof(Atan2Pi), dx: static (y, x, _) => Turning(x, y) * OverPi, dy: static (y, x, _) => Turning(y, x) * -OverPi);

    internal Tensor<T> RootN(int n) => Pointwise(n, T.RootN, ofOutput: static (y, n) => y.Pow(T.CreateChecked(1L - n)) / T.CreateChecked(n));

    internal Tensor<T> ScaleB(int n) => Pointwise(n, T.ScaleB, ofInput: static (_, n) => Tensor.Scalar(T.ScaleB(T.One, n)));

    internal Tensor<T> BitIncrement() => Pointwise(T.BitIncrement);

    internal Tensor<T> BitDecrement() => Pointwise(T.BitDecrement);

    internal Tensor<T> Round(int digits, MidpointRounding mode) => Pointwise((digits, mode), static (x, p) => T.Round(x, p.digits, p.mode));

    internal Tensor<T> Ieee754Remainder(Tensor<T> divisor) => Pairwise(T.Ieee754Remainder, this, divisor, nameof(Ieee754Remainder),
        dx: static (_, _, _) => One, dy: static (x, y, _) => Pairwise(static (x, y) => Rules.Ieee754Remainder(x, y).Dy, x, y, "RoundedQuotient"));

    internal Tensor<T> MaxMagnitude(Tensor<T> other) => Pairwise(T.MaxMagnitude, this, other, nameof(MaxMagnitude),
        dx: static (x, y, _) => Pairwise(static (x, y) => Rules.MaxMagnitude(x, y).Dx, x, y, "IsTaken"), dy: static (x, y, _) => Pairwise(static (x, y) => Rules.MaxMagnitude(x, y).Dy, x, y, "IsTaken"));

    internal Tensor<T> MinMagnitude(Tensor<T> other) => Pairwise(T.MinMagnitude, this, other, nameof(MinMagnitude),
        dx: static (x, y, _) => Pairwise(static (x, y) => Rules.MinMagnitude(x, y).Dx, x, y, "IsTaken"), dy: static (x, y, _) => Pairwise(static (x, y) => Rules.MinMagnitude(x, y).Dy, x, y, "IsTaken"));

    internal Tensor<T> MaxMagnitudeNumber(Tensor<T> other) => Pairwise(T.MaxMagnitudeNumber, this, other, nameof(MaxMagnitudeNumber),
        dx: static (x, y, _) => Pairwise(static (x, y) => Rules.MaxMagnitudeNumber(x, y).Dx, x, y, "IsTaken"),
        dy: static (x, y, _) => Pairwise(static (x, y) => Rules.MaxMagnitudeNumber(x, y).Dy, x, y, "IsTaken"));

    internal Tensor<T> MinMagnitudeNumber(Tensor<T> other) => Pairwise(T.MinMagnitudeNumber, this, other, nameof(MinMagnitudeNumber),
        dx: static (x, y, _) => Pairwise(static (x, y) => Rules.MinMagnitudeNumber(x, y).Dx, x, y, "IsTaken"),
        dy: static (x, y, _) => Pairwise(static (x, y) => Rules.MinMagnitudeNumber(x, y).Dy, x, y, "IsTaken"));
}
