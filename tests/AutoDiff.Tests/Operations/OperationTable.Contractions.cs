namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] Contractions =>
    [
        new("Einsum", (x, y) => Tensor.Einsum("ij,jk->ik", x, y)) { Shapes = "2x3 3x4 | 1x1 1x2 | 2x0 0x3", Exact = true, Reference = Plain.Einsum("ij,jk->ik"), Bad = [Throws<ArgumentException>(on => Tensor.Einsum("ij,jk->ik", on(2, 2))), Throws<ArgumentException>(on => Tensor.Einsum("ij->ii", on(2, 2))), Throws<ArgumentException>(on => Tensor.Einsum("ij->k", on(2, 2))), Throws<ArgumentException>(on => Tensor.Einsum("i+->i", on(2))), Throws<TensorShapeException>(on => Tensor.Einsum("ij->i", on(2))), Throws<TensorShapeException>(on => Tensor.Einsum("i->i", on(2, 2))), Throws<TensorShapeException>(on => Tensor.Einsum("i,i->", on(2), on(3))), Throws<ArgumentNullException>(on => Tensor.Einsum("i,i->", on(2), null!))] },
        new("Einsum: batch, permuted output", (x, y) => Tensor.Einsum("bnij,bnjc->bnic", x, y)) { Shapes = "2x1x2x3 2x1x3x2", Exact = true, Reference = Plain.Einsum("bnij,bnjc->bnic") },
        new("Einsum: transposed", (x, y) => Tensor.Einsum("ki,jk->ji", x, y)) { Shapes = "3x2 4x3", Exact = true, Reference = Plain.Einsum("ki,jk->ji") },
        new("Einsum: diagonal", x => Tensor.Einsum("iij->ji", x)) { Shapes = "2x2x3 | 1x1x2", Exact = true, Reference = Plain.Einsum("iij->ji") },
        new("Einsum: trace", x => Tensor.Einsum("ii", x)) { Shapes = "3x3", Exact = true, Reference = Plain.Einsum("ii->") },
        new("Einsum: summed out", x => Tensor.Einsum("ij->j", x)) { Shapes = "2x3 | 0x2", Exact = true, Reference = Plain.Einsum("ij->j") },
        new("Einsum: outer", (x, y) => Tensor.Einsum("i,j->ji", x, y)) { Shapes = "3 2", Exact = true, Reference = Plain.Einsum("i,j->ji") },
        new("Einsum: apart", (x, y) => Tensor.Einsum("ab,cd->", x, y)) { Shapes = "2x2 3x1", Exact = true, Reference = Plain.Einsum("ab,cd->") },
        new("Einsum: elementwise", (x, y) => Tensor.Einsum("ij,ij->ij", x, y)) { Shapes = "2x3 2x3", Exact = true, Reference = Plain.Einsum("ij,ij->ij") },
        new("Einsum: implicit output", (x, y) => Tensor.Einsum("ba, cb", x, y)) { Shapes = "3x2 4x3", Exact = true, Reference = Plain.Einsum("ba,cb->ac") },
        new("Einsum: dots", (x, y) => Tensor.Einsum("...ij,j...->...i", x, y)) { Shapes = "2x3x4 4 | 3x4 4x2 | 2x3x4 4x1", Exact = true, Reference = xs => xs[1].Shape.Length == 1 ? Plain.Einsum("bij,j->bi")(xs) : xs[0].Shape.Length == 2 ? Plain.Einsum("ij,jb->bi")(xs) : Plain.Einsum("bij,jc->bi")(xs) },
        new("Einsum: stretched", (x, y) => Tensor.Einsum("ij,ij->i", x, y)) { Shapes = "2x1 2x3 | 1x3 2x1", Exact = true, Reference = xs => Plain.Reduce(Enumerable.Sum, [1])([Plain.Elementwise(x => x[0] * x[1])(xs)]) },
        new("Einsum: three", (x, y, z) => Tensor.Einsum("ij,jk,ki->", x, y, z)) { Shapes = "2x3 3x2 2x2", Reference = Plain.Einsum("ij,jk,ki->") },
        new("Einsum: the same thrice", x => Tensor.Einsum("ij,jk,ki->", x, x, x)) { Shapes = "2x2", Reference = xs => Plain.Einsum("ij,jk,ki->")([xs[0], xs[0], xs[0]]), Points = [] },
        new("TensorDot", (x, y) => x.TensorDot(y, 2)) { Shapes = "2x3x2 3x2x4 | 2x2 2x2", Exact = true, Reference = xs => xs[0].Shape.Length == 2 ? Plain.Einsum("ij,ij->")(xs) : Plain.Einsum("aij,ijb->ab")(xs), Bad = [Throws<ArgumentException>(on => on(2).TensorDot(on(2), 2)), Throws<TensorShapeException>(on => on(2).TensorDot(on(3), 1)), Throws<ArgumentNullException>(on => on(2).TensorDot(null!, 1))] },
        new("TensorDot: axes", (x, y) => x.TensorDot(y, [0, -1], [1, 0])) { Shapes = "2x3x4 4x2x3", Exact = true, Reference = Plain.Einsum("iaj,jib->ab"), Bad = [Throws<ArgumentException>(on => on(2, 2).TensorDot(on(2, 2), [0, 0], [0, 1])), Throws<ArgumentException>(on => on(2, 2).TensorDot(on(2, 2), [0, 1], [0, 0])), Throws<TensorShapeException>(on => on(2, 2).TensorDot(on(2, 2), [0], [0, 1]))] },
        new("Inner", (x, y) => x.Inner(y)) { Shapes = "3 3 | 2x3 4x3", Exact = true, Reference = xs => xs[0].Shape.Length == 1 ? Plain.Einsum("i,i->")(xs) : Plain.Einsum("ai,bi->ab")(xs), Bad = [Throws<TensorShapeException>(on => on().Inner(on(2))), Throws<TensorShapeException>(on => on(3).Inner(on(2))), Throws<ArgumentNullException>(on => on(2).Inner(null!))] },
        new("VecDot", (x, y) => x.VecDot(y)) { Shapes = "3 3 | 2x3 3", Exact = true, Reference = xs => Plain.Reduce(Enumerable.Sum, [-1])([Plain.Elementwise(x => x[0] * x[1])(xs)]), Bad = [Throws<TensorShapeException>(on => on(2).VecDot(on(3))), Throws<ArgumentException>(on => on(2).VecDot(on(2), 1)), Throws<ArgumentNullException>(on => on(2).VecDot(null!))] },
        new("Cross", (x, y) => x.Cross(y)) { Shapes = "3 3 | 2x3 3 | 1x3 2x3", Exact = true, Reference = xs => Crossed(xs[0], xs[1]), Bad = [Throws<TensorShapeException>(on => on(2).Cross(on(2))), Throws<TensorShapeException>(on => on(3, 3).Cross(on(3), 0)), Throws<ArgumentNullException>(on => on(3).Cross(null!))] },
        new("Cross: axis 0", (x, y) => x.Cross(y, 0)) { Shapes = "3x2 3x2", Exact = true, Reference = xs => Swapped(Crossed(Swapped(xs[0]), Swapped(xs[1]))) },
        new("Kron", (x, y) => x.Kron(y)) { Shapes = "2 2 | 2x1 2x3 | 2 2x2 | () 2", Exact = true, Reference = xs => Kronecker(xs[0], xs[1]), Bad = [Throws<ArgumentNullException>(on => on(2).Kron(null!))] },
        new("ChainMatMul", (x, y, z) => Tensor.ChainMatMul(x, y, z)) { Shapes = "2x3 3x1 1x4 | 2 2x3 3 | 1x2 2x2 2x1", Reference = xs => xs[0].Shape.Length == 1 ? Plain.Einsum("i,ij,j->")(xs) : Plain.Einsum("ij,jk,kl->il")(xs), Bad = [Throws<TensorShapeException>(on => Tensor.ChainMatMul(on(2, 2), on(2), on(2, 2))), Throws<TensorShapeException>(on => Tensor.ChainMatMul(on(2, 2), on(3, 2))), Throws<TensorShapeException>(_ => Tensor.ChainMatMul<T>()), Throws<ArgumentNullException>(on => Tensor.ChainMatMul(on(2, 2), null!))] },
        new("Bilinear", (x, w, y) => Tensor.Bilinear(x, w, y)) { Shapes = "2 3x2x4 4 | 5x2 1x2x2 5x2", Reference = xs => xs[0].Shape.Length == 1 ? Plain.Einsum("i,oij,j->o")(xs) : Plain.Einsum("bi,oij,bj->bo")(xs), Bad = [Throws<TensorShapeException>(on => Tensor.Bilinear(on(2), on(2, 2), on(2))), Throws<TensorShapeException>(on => Tensor.Bilinear(on(2), on(1, 3, 2), on(2))), Throws<ArgumentNullException>(on => Tensor.Bilinear(null!, on(1, 3, 2), on(2)))] },
        new("Dropout", x => x.Dropout(N(0.5), new RandomKey(3))) { Shapes = "() | 5 | 2x3 | 0", Exact = true, Composed = x => x[0] * (x[0].Detach() * N(0) + N(1)).Dropout(N(0.5), new RandomKey(3)), Bad = [Throws<ArgumentException>(on => on(2).Dropout(N(1.5), new RandomKey(1))), Throws<ArgumentException>(on => on(2).Dropout(T.NaN, new RandomKey(1)))] },
        new("Dropout: all", x => x.Dropout(N(1), new RandomKey(3))) { Shapes = "3", Exact = true, Reference = xs => new(new double[3], [3]) },
        new("Dropout: not training", x => x.Dropout(N(0.5), new RandomKey(3), training: false)) { Shapes = "3", Exact = true, Reference = xs => xs[0] },
    ];

    private static Plain Crossed(Plain x, Plain y)
    {
        Plain a = Plain.Elementwise(v => v[0] + (0 * v[1]))([x, y]);
        Plain b = Plain.Elementwise(v => v[1] + (0 * v[0]))([x, y]);
        return Plain.Build(a.Shape, i => (a[[.. i[..^1], (i[^1] + 1) % 3]] * b[[.. i[..^1], (i[^1] + 2) % 3]]) - (a[[.. i[..^1], (i[^1] + 2) % 3]] * b[[.. i[..^1], (i[^1] + 1) % 3]]));
    }

    private static Plain Kronecker(Plain x, Plain y)
    {
        int rank = Math.Max(x.Shape.Length, y.Shape.Length);
        Plain a = new(x.Values, [.. Enumerable.Repeat(1, rank - x.Shape.Length), .. x.Shape]);
        Plain b = new(y.Values, [.. Enumerable.Repeat(1, rank - y.Shape.Length), .. y.Shape]);
        return Plain.Build([.. a.Shape.Zip(b.Shape, (m, n) => m * n)], i => a[[.. i.Select((k, axis) => k / b.Shape[axis])]] * b[[.. i.Select((k, axis) => k % b.Shape[axis])]]);
    }
}
