using static AutoDiff.Tests.Operations.PlainMatrices;

namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private const string Squares = "3x3 | 1x1 | 2x2x2 | 0x0 | 0x2x2 | 4x4";

    private static OperationRow<T>[] Systems =>
    [
        new("Solve", (a, b) => a.Solve(b)) { Shapes = "3x3 3x2 | 1x1 1x1 | 2x2x2 2x2x1 | 2x2 3x2x1 | 3x1x2x2 2x2x3 | 2x2x2 2x3 | 0x0 0x2 | 0x2x2 0x2x1", Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Each(x => PlainMatrices.Solve(x[0], x[1])), Bad = BadSystem((a, b) => a.Solve(b), singular: true) },
        new("Solve: vector", (a, b) => a.Solve(b)) { Shapes = "3x3 3 | 1x1 1 | 2x3x3 2x3 | 2x3x3 3", Domain = (-1, 1), Prepare = RegularIfSquare, Reference = xs => Each(x => PlainMatrices.Solve(x[0], x[1]), 1, 2, 1)(xs) },
        new("Solve: on the right", (a, b) => a.Solve(b, left: false)) { Shapes = "3x3 2x3 | 2x2x2 1x2 | 2x2 3x1x2", Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Each(x => Transpose(PlainMatrices.Solve(Transpose(x[0]), Transpose(x[1])))) },
        new("Solve: by itself", a => a.Solve(a.Transpose().MatMul(a))) { Shapes = Squares, Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Each(x => PlainMatrices.Solve(x[0], Times(Transpose(x[0]), x[0]))) },
        new("TriangularSolve", (a, b) => a.TriangularSolve(b)) { Shapes = "3x3 3x2 | 1x1 1x1 | 2x2x2 2x2x1 | 2x2 3x2x1 | 3x1x2x2 2x2x3 | 0x0 0x2", Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Triangular(false, false, false), Bad = BadSystem((a, b) => a.TriangularSolve(b), singular: false) },
        new("TriangularSolve: upper", (a, b) => a.TriangularSolve(b, upper: true)) { Shapes = "3x3 3x2 | 2x2x2 2x1", Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Triangular(true, false, false) },
        new("TriangularSolve: transposed", (a, b) => a.TriangularSolve(b, transposed: true)) { Shapes = "3x3 3x2 | 2x2x2 2x1", Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Triangular(false, true, false) },
        new("TriangularSolve: upper, transposed, unit diagonal", (a, b) => a.TriangularSolve(b, upper: true, transposed: true, unitDiagonal: true)) { Shapes = "3x3 3x2 | 2x2x2 2x1", Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Triangular(true, true, true) },
        new("TriangularSolve: unit diagonal, on the right", (a, b) => a.TriangularSolve(b, unitDiagonal: true, left: false)) { Shapes = "3x3 2x3 | 2x2x2 1x2", Domain = (-1, 1), Prepare = RegularIfSquare, Reference = xs => Each(x => Transpose(PlainMatrices.Solve(Transpose(Triangle(x[0], false, true)), Transpose(x[1]))))(xs) },
        new("TriangularSolve: vector", (a, b) => a.TriangularSolve(b)) { Shapes = "3x3 3 | 2x3x3 2x3", Domain = (-1, 1), Prepare = RegularIfSquare, Reference = xs => Each(x => PlainMatrices.Solve(Triangle(x[0], false, false), x[1]), 1, 2, 1)(xs) },
        new("CholeskySolve", (l, b) => l.CholeskySolve(b)) { Shapes = "3x3 3x2 | 2x2x2 2x1 | 2x2 3x2x1", Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Each(x => PlainMatrices.Solve(Gram(x[0]), x[1])), Bad = BadSystem((a, b) => a.CholeskySolve(b), singular: false) },
        new("CholeskyInverse", l => l.CholeskyInverse()) { Shapes = Squares, Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Each(x => PlainMatrices.Inverse(Gram(x[0]))), Bad = BadSquare(a => a.CholeskyInverse()) },
        new("CholeskySolve: upper", (u, b) => u.CholeskySolve(b, upper: true)) { Shapes = "3x3 3x2 | 2x2x2 2x1", Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Each(x => PlainMatrices.Solve(Gram(Transpose(x[0])), x[1])) },
        new("CholeskyInverse: upper", u => u.CholeskyInverse(upper: true)) { Shapes = "3x3 | 2x2x2", Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Each(x => PlainMatrices.Inverse(Gram(Transpose(x[0])))) },
        new("TensorSolve", (a, b) => a.TensorSolve(b)) { Shapes = "2x3x6 2x3 | 6x2x3 6 | 2x2x2x2 2x2", Domain = (-1, 1), Prepare = RegularTensor, Reference = xs => Solved(xs[0], xs[1], xs[0].Shape[xs[1].Shape.Length..]), Bad = [Throws<TensorShapeException>(on => on(2, 3, 4).TensorSolve(on(2, 3))), Throws<TensorShapeException>(on => on(4, 2, 2).TensorSolve(on(2, 2))), Throws<TensorShapeException>(on => on(2).TensorSolve(on(2, 2))), Throws<ArgumentException>(on => on(2, 2).TensorSolve(on(2), [2])), Throws<FactorizationException>(on => on(2, 2).TensorSolve(on(2))), Throws<ArgumentNullException>(on => on(2, 2).TensorSolve(null!))] },
        new("TensorSolve: axes moved to the end", (a, b) => a.TensorSolve(b, [1, 0])) { Shapes = "3x2x6 6", Domain = (-1, 1), Prepare = RegularTensor, Reference = xs => Solved(Plain.Einsum("ijk->kji")([xs[0]]), xs[1], [2, 3]) },
        new("TensorInverse", a => a.TensorInverse()) { Shapes = "2x2x4 | 2x3x3x2", Domain = (-1, 1), Prepare = RegularTensor, Reference = xs => Inverted(xs[0], 2), Bad = [Throws<ArgumentException>(on => on(2, 2).TensorInverse(3)), Throws<ArgumentException>(on => on(2, 2).TensorInverse(0)), Throws<TensorShapeException>(on => on(2, 3).TensorInverse(1)), Throws<FactorizationException>(on => on(2, 2).TensorInverse(1))] },
        new("TensorInverse: one axis", a => a.TensorInverse(1)) { Shapes = "4x2x2", Domain = (-1, 1), Prepare = RegularTensor, Reference = xs => Inverted(xs[0], 1) },
        new("Inverse", a => a.Inverse()) { Shapes = Squares, Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Each(x => PlainMatrices.Inverse(x[0])), Bad = [.. BadSquare(a => a.Inverse()), Throws<FactorizationException>(on => on(2, 2).Inverse())] },
        new("LeastSquares", (a, b) => a.LeastSquares(b)) { Shapes = "4x2 4x2 | 3x3 3x1 | 2x4 2x1 | 2x3x2 3x1 | 3x2 2x3x1", Domain = (-1, 1), Prepare = Separate, Tolerance = 4, Reference = Each(x => Times(PlainMatrices.PseudoInverse(x[0]), x[1])), Bad = [Throws<TensorShapeException>(on => on(2, 3).LeastSquares(on(3, 1))), Throws<TensorShapeException>(on => on(2).LeastSquares(on(2))), Throws<TensorShapeException>(on => on(2, 2, 3).LeastSquares(on(3, 2, 1))), Throws<ArgumentNullException>(on => on(2, 2).LeastSquares(null!))] },
        new("LeastSquares: vector", (a, b) => a.LeastSquares(b)) { Shapes = "4x2 4 | 2x3x2 2x3", Domain = (-1, 1), Prepare = Separate, Tolerance = 4, Reference = xs => Each(x => Times(PlainMatrices.PseudoInverse(x[0]), x[1]), 1, 2, 1)(xs) },
        new("SolveSylvester", (a, b, c) => a.SolveSylvester(b, c)) { Shapes = "2x2 3x3 2x3 | 1x1 2x2 3x1x2 | 2x2x2 1x1 2x1", Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Each(x => Sylvester(x[0], x[1], x[2])), Bad = [Throws<TensorShapeException>(on => on(2, 2).SolveSylvester(on(3, 3), on(3, 2))), Throws<TensorShapeException>(on => on(2, 3).SolveSylvester(on(3, 3), on(2, 3))), Throws<ArgumentNullException>(on => on(2, 2).SolveSylvester(null!, on(2, 2))), Throws<FactorizationException>(on => on(2, 2).SolveSylvester(on(2, 2), on(2, 2)))] },
        new("SolveSylvester: symmetric", (a, c) => a.SolveSylvester(a, c)) { Shapes = "3x3 3x3 | 2x2x2 2x2", Domain = (-1, 1), Prepare = Positive, Symmetric = true, Reference = Each(x => Sylvester(x[0], x[0], x[1])) },
        new("SolveLyapunov", (a, c) => a.SolveLyapunov(c)) { Shapes = "3x3 3x3 | 2x2x2 2x2", Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Each(x => Sylvester(x[0], Transpose(x[0]), x[1])), Bad = [Throws<TensorShapeException>(on => on(2, 2).SolveLyapunov(on(3, 2))), Throws<ArgumentNullException>(on => on(2, 2).SolveLyapunov(null!)), Throws<FactorizationException>(on => on(2, 2).SolveLyapunov(on(2, 2)))] },
        new("TridiagonalSolve", (d, b) => d.TridiagonalSolve(Tensor.Full(N(0.5), d.Shape[^1] - 1), Tensor.Full(N(-0.75), d.Shape[^1] - 1), b)) { Shapes = "4 4x2 | 1 1x2 | 2x3 3x1 | 3 2x3x1", Domain = (0.2, 1), Tolerance = 10, Reference = xs => Each(x => PlainMatrices.Solve(Tridiagonal(x[0]), x[1]), 2, 1, 2)(xs), Bad = [Throws<TensorShapeException>(on => on(3).TridiagonalSolve(on(2), on(3), on(3))), Throws<TensorShapeException>(on => on(3).TridiagonalSolve(on(2), on(2), on(4))), Throws<TensorShapeException>(on => on(2, 3).TridiagonalSolve(on(2), on(3, 2), on(3))), Throws<FactorizationException>(on => on(2).TridiagonalSolve(on(1), on(1), on(2))), Throws<ArgumentNullException>(on => on(2).TridiagonalSolve(on(1), null!, on(2)))] },
        new("TridiagonalSolve: three diagonals", (l, d, u) => d.TridiagonalSolve(l, u, Tensor.Range<T>(d.Shape[^1]) + N(1))) { Shapes = "3 4 3 | 0 1 0 | 2 2x3 2 | 2x2 3 1x2", Domains = [(-1, 1), (2.5, 4), (-1, 1)], Reference = xs => Each(x => PlainMatrices.Solve(New(x[1].Length, x[1].Length, (i, j) => i == j ? x[1][i, 0] : i == j + 1 ? x[0][j, 0] : i == j - 1 ? x[2][i, 0] : 0), New(x[1].Length, 1, (i, _) => i + 1)), 1, 1, 1, 1)(xs) },
        new("TridiagonalSolve: vector", (l, d, b) => d.TridiagonalSolve(l, l, b)) { Shapes = "3 4 4 | 0 1 1 | 2 2x3 2x3 | 2x2 3 3", Domain = (-1, 1), Domains = [(-1, 1), (2.5, 4), (-1, 1)], Reference = xs => Each(x => PlainMatrices.Solve(New(x[1].Length, x[1].Length, (i, j) => i == j ? x[1][i, 0] : Math.Abs(i - j) == 1 ? x[0][Math.Min(i, j), 0] : 0), x[2]), 1, 1, 1, 1)(xs) },
    ];

    private static OperationRow<T>[] Decompositions =>
    [
        new("Cholesky", a => a.Cholesky()) { Shapes = Squares, Domain = (-1, 1), Prepare = Positive, Symmetric = true, Reference = Each(x => PlainMatrices.Cholesky(x[0])), Bad = BadSquare(a => a.Cholesky()) },
        new("Cholesky: upper", a => a.Cholesky(upper: true)) { Shapes = "3x3 | 2x2x2", Domain = (-1, 1), Prepare = Positive, Symmetric = true, Reference = Each(x => Transpose(PlainMatrices.Cholesky(x[0]))) },
        new("Lu: L", a => a.Lu().L) { Shapes = "3x3 | 1x1 | 4x2 | 2x4 | 2x2x2 | 0x0 | 3x0", Domain = (-1, 1), Prepare = Regular, Reference = Each(x => LowerOf(PlainMatrices.LuPacked(x[0]))), Bad = [Throws<TensorShapeException>(on => on(2).Lu().L)] },
        new("Lu: U", a => a.Lu().U) { Shapes = "3x3 | 1x1 | 4x2 | 2x4 | 2x2x2", Domain = (-1, 1), Prepare = Regular, Reference = Each(x => UpperOf(PlainMatrices.LuPacked(x[0]))) },
        new("Lu: product of the factors", a => { var (p, l, u) = a.Flip(-2).Lu(); return p.MatMul(l.MatMul(u)); }) { Shapes = "3x3 | 4x2 | 2x4 | 2x2x2", Domain = (-1, 1), Prepare = Regular, Reference = Each(x => New(x[0].GetLength(0), x[0].GetLength(1), (i, j) => x[0][x[0].GetLength(0) - 1 - i, j])) },
        new("Qr: Q without signs", a => a.Qr().Q.Square()) { Shapes = "3x3 | 1x1 | 4x2 | 2x4 | 2x3x2", Domain = (-1, 1), Prepare = Regular, Reference = Each(x => Squared(PlainMatrices.Qr(x[0]).Q)), Bad = [Throws<TensorShapeException>(on => on(2).Qr().Q)] },
        new("Qr: R without signs", a => a.Qr().R.Square()) { Shapes = "3x3 | 1x1 | 4x2 | 2x4 | 2x3x2", Domain = (-1, 1), Prepare = Regular, Reference = Each(x => Squared(PlainMatrices.Qr(x[0]).R)) },
        new("Qr: both", a => { var (q, r) = a.Qr(); return q.MatMul(r.Pow(N(3))); }) { Shapes = "3x3 | 4x2 | 2x4", Domain = (-1, 1), Prepare = Regular, Tolerance = 4, Reference = Each(x => { var (q, r) = PlainMatrices.Qr(x[0]); return Times(q, New(r.GetLength(0), r.GetLength(1), (i, j) => r[i, j] * r[i, j] * r[i, j])); }) },
        new("Eigh: values", a => a.Eigh().Values) { Shapes = Squares, Domain = (-1, 1), Prepare = PlainMatrices.Symmetric, Symmetric = true, Reference = Each(x => New(x[0].GetLength(0), 1, (i, _) => Eigen(x[0]).W[i]), 1), Bad = BadSquare(a => a.Eigh().Values) },
        new("Eigh: vectors without signs", a => a.Eigh().Vectors.Square()) { Shapes = "3x3 | 2x2x2 | 1x1", Domain = (-1, 1), Prepare = PlainMatrices.Symmetric, Symmetric = true, Tolerance = 4, Reference = Each(x => Squared(Eigen(x[0]).V)) },
        new("Eigh: cube", a => { var (w, v) = a.Eigh(); return (v * w.Pow(N(3)).ExpandDims(-2)).MatMul(v.Transpose()); }) { Shapes = "3x3 | 2x2x2", Domain = (-1, 1), Prepare = PlainMatrices.Symmetric, Symmetric = true, Tolerance = 10, Reference = Each(x => Times(x[0], Times(x[0], x[0]))) },
        new("EigenvaluesSymmetric", a => a.EigenvaluesSymmetric()) { Shapes = Squares, Domain = (-1, 1), Prepare = PlainMatrices.Symmetric, Symmetric = true, Reference = Each(x => New(x[0].GetLength(0), 1, (i, _) => Eigen(x[0]).W[i]), 1), Bad = BadSquare(a => a.EigenvaluesSymmetric()) },
        new("Svd: values", a => a.Svd().S) { Shapes = "3x3 | 4x2 | 2x4 | 2x2x2 | 1x1 | 0x3 | 3x0", Domain = (-1, 1), Prepare = Separate, Reference = Each(x => New(Math.Min(x[0].GetLength(0), x[0].GetLength(1)), 1, (i, _) => Singular(x[0])[i]), 1), Bad = [Throws<TensorShapeException>(on => on(2).Svd().S)] },
        new("Svd: product of the factors", a => { var (u, s, vh) = a.Svd(); return (u * s.ExpandDims(-2)).MatMul(vh); }) { Shapes = "3x3 | 4x2 | 2x4 | 2x2x2", Domain = (-1, 1), Prepare = Separate, Tolerance = 10, Reference = xs => xs[0] },
        new("Svd: left vectors without signs", a => a.Svd().U.Square()) { Shapes = "3x3 | 4x2 | 2x4", Domain = (-1, 1), Prepare = Separate, Tolerance = 20, Composed = xs => xs[0].MatMul(xs[0].Transpose()).Eigh().Vectors.Square().Flip(-1)[TensorIndex.Ellipsis, ..Math.Min(xs[0].Shape[^1], xs[0].Shape[^2])] },
        new("Svd: right vectors without signs", a => a.Svd().Vh.Square()) { Shapes = "3x3 | 4x2", Domain = (-1, 1), Prepare = Separate, Tolerance = 20, Composed = xs => xs[0].Transpose().MatMul(xs[0]).Eigh().Vectors.Square().Flip(-1).Transpose() },
        new("Svd: polar factor", a => { var (u, _, vh) = a.Svd(); return u.MatMul(vh); }) { Shapes = "3x3 | 4x2 | 2x4", Domain = (-1, 1), Prepare = Separate, Tolerance = 10, Reference = Each(x => { double[,] gram = Times(x[0], Transpose(x[0])); return x[0].GetLength(0) > x[0].GetLength(1) ? Times(x[0], PlainMatrices.Inverse(PlainMatrices.Sqrt(Times(Transpose(x[0]), x[0])))) : PlainMatrices.Solve(PlainMatrices.Sqrt(gram), x[0]); }) },
        new("SingularValues", a => a.SingularValues()) { Shapes = "3x3 | 4x2 | 2x4 | 2x2x2 | 0x3", Domain = (-1, 1), Prepare = Separate, Reference = Each(x => New(Math.Min(x[0].GetLength(0), x[0].GetLength(1)), 1, (i, _) => Singular(x[0])[i]), 1), Bad = [Throws<TensorShapeException>(on => on(2).SingularValues())] },
    ];

    private static OperationRow<T>[] MatrixFunctions =>
    [
        new("Determinant", a => a.Determinant()) { Shapes = Squares, Domain = (-1, 1), Reference = Each(x => new double[,] { { PlainMatrices.Determinant(x[0]) } }, 0), Bad = BadSquare(a => a.Determinant()) },
        new("SlogDet", a => a.SlogDet().LogAbs) { Shapes = Squares, Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Each(x => new double[,] { { Math.Log(Math.Abs(PlainMatrices.Determinant(x[0]))) } }, 0), Bad = BadSquare(a => a.SlogDet().LogAbs) },
        new("SlogDet: sign", a => (-a).SlogDet().Sign * a.Sum(-2, -1)) { Shapes = "3x3 | 2x2x2 | 1x1", Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Each(x => new double[,] { { (x[0].GetLength(0) % 2 == 0 ? 1 : -1) * x[0].Cast<double>().Sum() } }, 0) },
        new("LogDet", a => a.LogDet()) { Shapes = Squares, Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Each(x => new double[,] { { Math.Log(PlainMatrices.Determinant(x[0])) } }, 0), Bad = BadSquare(a => a.LogDet()) },
        new("MatrixPower: 5", a => a.MatrixPower(5)) { Shapes = "3x3 | 2x2x2 | 1x1 | 0x0", Domain = (-0.7, 0.7), Reference = Each(x => Times(x[0], Times(Times(x[0], x[0]), Times(x[0], x[0])))), Bad = BadSquare(a => a.MatrixPower(2)) },
        new("MatrixPower: -2", a => a.MatrixPower(-2)) { Shapes = "3x3 | 2x2x2", Domain = (-1, 1), Prepare = RegularIfSquare, Reference = Each(x => PlainMatrices.Inverse(Times(x[0], x[0]))), Bad = [Throws<FactorizationException>(on => on(2, 2).MatrixPower(-2))] },
        new("MatrixPower: 0", a => a.MatrixPower(0)) { Shapes = "3x3 | 2x2x2", Domain = (-1, 1), Reference = Each(x => Identity(x[0].GetLength(0))) },
        new("MatrixExp", a => a.MatrixExp()) { Shapes = Squares, Domain = (-1, 1), Tolerance = 2, Reference = Each(x => PlainMatrices.Exp(x[0])), Bad = BadSquare(a => a.MatrixExp()) },
        new("MatrixSqrt", a => a.MatrixSqrt()) { Shapes = "3x3 | 2x2x2 | 1x1", Domain = (-1, 1), Prepare = RegularIfSquare, Tolerance = 4, Reference = Each(x => PlainMatrices.Sqrt(x[0])), Bad = [.. BadSquare(a => a.MatrixSqrt()), Throws<FactorizationException>(on => on(2, 2).MatrixSqrt())] },
        new("PseudoInverse", a => a.PseudoInverse()) { Shapes = "3x3 | 4x2 | 2x4 | 2x3x2", Domain = (-1, 1), Prepare = Separate, Tolerance = 4, Reference = Each(x => PlainMatrices.PseudoInverse(x[0])), Bad = [Throws<TensorShapeException>(on => on(2).PseudoInverse())] },
        new("PseudoInverse: symmetric", a => a.PseudoInverse(symmetric: true)) { Shapes = "3x3 | 2x2x2", Domain = (-1, 1), Prepare = RegularIfSquare, Tolerance = 4, Reference = Each(x => PlainMatrices.Inverse(New(x[0].GetLength(0), x[0].GetLength(0), (i, j) => (x[0][i, j] + x[0][j, i]) / 2))), Bad = [Throws<TensorShapeException>(on => on(2, 3).PseudoInverse(symmetric: true))] },
        .. Enum.GetValues<MatrixNormKind>().Select(kind => new OperationRow<T>($"MatrixNorm: {kind}", a => a.MatrixNorm(kind)) { Shapes = "3x3 | 4x2 | 2x4 | 2x2x2", Domain = (0.1, 1), Prepare = Separate, Reference = Each(x => new double[,] { { PlainNorm(x[0], kind) } }, 0), Bad = [Throws<TensorShapeException>(on => on(2).MatrixNorm(kind)), Throws<ArgumentException>(on => on(2, 2).MatrixNorm((MatrixNormKind)99))] }),
        new("MatrixNorm: kept axes", a => a.MatrixNorm(keepDims: true)) { Shapes = "3x2 | 2x2x2", Reference = Each(x => new double[,] { { PlainNorm(x[0], MatrixNormKind.Frobenius) } }) },
        .. Enum.GetValues<MatrixNormKind>().Select(kind => new OperationRow<T>($"ConditionNumber: {kind}", a => a.ConditionNumber(kind)) { Shapes = "3x3 | 2x2x2", Domain = (0.1, 1), Prepare = Separate, Tolerance = 4, Reference = Each(x => new double[,] { { PlainNorm(x[0], kind) * PlainNorm(PlainMatrices.Inverse(x[0]), kind) } }, 0), Bad = kind is MatrixNormKind.Two or MatrixNormKind.MinusTwo ? [Throws<TensorShapeException>(on => on(2).ConditionNumber(kind))] : [.. BadSquare(a => a.ConditionNumber(kind)), Throws<FactorizationException>(on => on(2, 2).ConditionNumber(kind))] }),
        new("MatrixRank", a => a.MatrixRank()) { Shapes = "3x3 | 4x2 | 2x2x2 | 0x2", Constant = true, Prepare = Separate, Domain = (-1, 1), Reference = Each(x => new double[,] { { Math.Min(x[0].GetLength(0), x[0].GetLength(1)) } }, 0), Bad = [Throws<TensorShapeException>(on => on(2).MatrixRank())] },
        new("HouseholderProduct", (a, tau) => a.HouseholderProduct(tau)) { Shapes = "4x3 3 | 3x2 1 | 2x3x2 2x2 | 3x3 3", Domain = (-1, 1), Reference = xs => Each(x => Reflections(x[0], x[1]), 2, 2, 1)(xs), Bad = [Throws<TensorShapeException>(on => on(2, 3).HouseholderProduct(on(2))), Throws<TensorShapeException>(on => on(3, 2).HouseholderProduct(on(3))), Throws<ArgumentNullException>(on => on(3, 2).HouseholderProduct(null!))] },
        new("Vander", x => x.Vander()) { Shapes = "3 | 2x3 | 1 | 0", Avoid = [0], Reference = xs => Each(x => New(x[0].Length, x[0].Length, (i, j) => Math.Pow(x[0][i, 0], j)), 2, 1)(xs), Bad = [Throws<TensorShapeException>(on => on().Vander()), Throws<ArgumentOutOfRangeException>(on => on(2).Vander(-1))] },
        new("Vander: decreasing", x => x.Vander(4, increasing: false)) { Shapes = "3 | 2x3 | 1", Avoid = [0], Reference = xs => Each(x => New(x[0].Length, 4, (i, j) => Math.Pow(x[0][i, 0], 3 - j)), 2, 1)(xs) },
        new("Toeplitz", (c, r) => c.Toeplitz(r)) { Shapes = "3 2 | 2x3 2x4 | 1 1", Exact = true, Reference = xs => Each(x => New(x[0].Length, x[1].Length, (i, j) => i >= j ? x[0][i - j, 0] : x[1][j - i, 0]), 2, 1, 1)(xs), Bad = [Throws<TensorShapeException>(on => on().Toeplitz(on())), Throws<TensorShapeException>(on => on(2, 2).Toeplitz(on(2))), Throws<TensorShapeException>(on => on(0).Toeplitz())] },
        new("Toeplitz: symmetric", c => c.Toeplitz()) { Shapes = "3 | 2x3", Exact = true, Reference = xs => Each(x => New(x[0].Length, x[0].Length, (i, j) => x[0][Math.Abs(i - j), 0]), 2, 1)(xs) },
    ];

    private static BadInput<T>[] BadSquare(Func<Tensor<T>, Tensor<T>> f) => [Throws<TensorShapeException>(on => f(on(2, 3))), Throws<TensorShapeException>(on => f(on(2))), Throws<TensorShapeException>(on => f(on()))];

    private static BadInput<T>[] BadSystem(Func<Tensor<T>, Tensor<T>, Tensor<T>> f, bool singular) =>
    [
        Throws<TensorShapeException>(on => f(on(2, 3), on(2))), Throws<TensorShapeException>(on => f(on(2, 2), on(3, 2))), Throws<TensorShapeException>(on => f(on(2, 2), on())),
        Throws<TensorShapeException>(on => f(on(2, 2, 2), on(3, 2, 1))), Throws<ArgumentNullException>(on => f(on(2, 2), null!)),
        .. singular ? new[] { Throws<FactorizationException>(on => f(on(2, 2), on(2))), Throws<FactorizationException>(on => f(on(2, 2), on(3, 2, 1))) } : [],
    ];

    private static Func<Plain[], Plain> Triangular(bool upper, bool transposed, bool unit) =>
        Each(x => PlainMatrices.Solve(transposed ? Transpose(Triangle(x[0], upper, unit)) : Triangle(x[0], upper, unit), x[1]));

    private static double[,] Triangle(double[,] a, bool upper, bool unit) =>
        New(a.GetLength(0), a.GetLength(0), (i, j) => i == j ? (unit ? 1 : a[i, j]) : upper == j > i ? a[i, j] : 0);

    /// <summary>Multiples of the identity added to a tensor that is a square matrix of at least 16 elements.</summary>
    private static Plain RegularTensor(Plain x)
    {
        int n = (int)Math.Sqrt(x.Length);
        return n < 4 || n * n != x.Length ? x : new([.. x.Values.Select((value, i) => (value / 2) + (i / n == i % n ? 2.5 : 0))], x.Shape);
    }

    private static Plain Solved(Plain a, Plain b, int[] shape) => new([.. PlainMatrices.Solve(Square(a), New(b.Length, 1, (i, _) => b.Values[i])).Cast<double>()], shape);

    private static Plain Inverted(Plain a, int count) => new([.. PlainMatrices.Inverse(Square(a)).Cast<double>()], [.. a.Shape[count..], .. a.Shape[..count]]);

    private static double[,] Square(Plain a) => (int)Math.Sqrt(a.Length) is var n ? New(n, n, (i, j) => a.Values[(i * n) + j]) : null;

    private static double[,] Gram(double[,] l) => Times(Triangle(l, false, false), Transpose(Triangle(l, false, false)));

    private static double[,] Tridiagonal(double[,] d) => New(d.Length, d.Length, (i, j) => i == j ? d[i, 0] : i == j + 1 ? 0.5 : i == j - 1 ? -0.75 : 0);

    private static double[,] LowerOf(double[,] packed) => New(packed.GetLength(0), Math.Min(packed.GetLength(0), packed.GetLength(1)), (i, j) => i == j ? 1 : i > j ? packed[i, j] : 0);

    private static double[,] UpperOf(double[,] packed) => New(Math.Min(packed.GetLength(0), packed.GetLength(1)), packed.GetLength(1), (i, j) => i <= j ? packed[i, j] : 0);

    private static double[,] Squared(double[,] a) => New(a.GetLength(0), a.GetLength(1), (i, j) => a[i, j] * a[i, j]);

    private static double[,] Reflections(double[,] a, double[,] tau)
    {
        int m = a.GetLength(0);
        double[,] product = Identity(m);
        for (int k = 0; k < tau.Length; k++)
        {
            double V(int i) => i < k ? 0 : i == k ? 1 : a[i, k];
            product = Times(product, New(m, m, (i, j) => (i == j ? 1 : 0) - (tau[k, 0] * V(i) * V(j))));
        }

        return New(m, a.GetLength(1), (i, j) => product[i, j]);
    }

    private static double PlainNorm(double[,] a, MatrixNormKind kind)
    {
        (int m, int n) = (a.GetLength(0), a.GetLength(1));
        IEnumerable<double> columns = Enumerable.Range(0, n).Select(j => Enumerable.Range(0, m).Sum(i => Math.Abs(a[i, j])));
        IEnumerable<double> rows = Enumerable.Range(0, m).Select(i => Enumerable.Range(0, n).Sum(j => Math.Abs(a[i, j])));
        return kind switch
        {
            MatrixNormKind.Frobenius => Math.Sqrt(a.Cast<double>().Sum(x => x * x)),
            MatrixNormKind.Nuclear => Singular(a).Sum(),
            MatrixNormKind.Two => Singular(a)[0],
            MatrixNormKind.MinusTwo => Singular(a)[^1],
            MatrixNormKind.One => columns.Max(),
            MatrixNormKind.MinusOne => columns.Min(),
            MatrixNormKind.Infinity => rows.Max(),
            _ => rows.Min(),
        };
    }
}
