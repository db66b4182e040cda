namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] Products =>
    [
        new("MatMul", (x, y) => x.MatMul(y)) { Shapes = "2x3 3x4 | 1x1 1x1 | 3x1 1x2 | 0x2 2x3 | 2x0 0x3 | 2x2 2x0 | 40x30 30x2", Exact = true, Reference = Plain.Einsum("ij,jk->ik"), Bad = [Throws<TensorShapeException>(on => on(2, 3).MatMul(on(2, 3))), Throws<TensorShapeException>(on => on().MatMul(on(2))), Throws<TensorShapeException>(on => on(2).MatMul(on())), Throws<TensorShapeException>(on => on(2, 2, 3).MatMul(on(3, 3, 2))), Throws<ArgumentNullException>(on => on(2).MatMul(null!))] },
        new("MatMul: matrix and vector", (x, y) => x.MatMul(y)) { Shapes = "2x3 3 | 1x2 2 | 2x0 0", Exact = true, Reference = Plain.Einsum("ij,j->i") },
        new("MatMul: vector and matrix", (x, y) => x.MatMul(y)) { Shapes = "3 3x2 | 2 2x1 | 0 0x2", Exact = true, Reference = Plain.Einsum("i,ij->j") },
        new("MatMul: vectors", (x, y) => x.MatMul(y)) { Shapes = "3 3 | 1 1 | 0 0", Exact = true, Reference = Plain.Einsum("i,i->") },
        new("MatMul: batches", (x, y) => x.MatMul(y)) { Shapes = "2x2x3 2x3x2 | 1x2x2 1x2x1 | 0x2x3 0x3x2", Exact = true, Reference = Plain.Einsum("bij,bjk->bik") },
        new("MatMul: one matrix on the right", (x, y) => x.MatMul(y)) { Shapes = "3x2x4 4x2 | 1x2x2 2x2 | 0x2x2 2x3", Exact = true, Reference = Plain.Einsum("bij,jk->bik") },
        new("MatMul: one matrix on the left", (x, y) => x.MatMul(y)) { Shapes = "2x4 3x4x2 | 2x2 1x2x2 | 2x2 0x2x2", Exact = true, Reference = Plain.Einsum("ij,bjk->bik") },
        new("MatMul: stretched batches", (x, y) => x.MatMul(y)) { Shapes = "3x1x2x4 2x4x2 | 2x1x2x2 3x2x2", Exact = true, Reference = xs => Plain.Einsum("abij,cjk->acik")(xs) },
        new("MatMul: batch of length 1", (x, y) => x.MatMul(y)) { Shapes = "1x2x3 4x3x2", Exact = true, Reference = Plain.Einsum("aij,bjk->bik") },
        new("MatMul: batch and vector", (x, y) => x.MatMul(y)) { Shapes = "3x2x4 4", Exact = true, Reference = Plain.Einsum("bij,j->bi") },
        new("MatMul: vector and batch", (x, y) => x.MatMul(y)) { Shapes = "4 3x4x2", Exact = true, Reference = Plain.Einsum("i,bij->bj") },
        new("MatMul: by its transpose", x => x.MatMul(x.Transpose())) { Shapes = "2x3 | 1x1 | 2x2x3", Exact = true, Reference = xs => xs[0].Shape.Length == 2 ? Plain.Einsum("ij,kj->ik")([xs[0], xs[0]]) : Plain.Einsum("bij,bkj->bik")([xs[0], xs[0]]) },
        new("AddMatMul", (c, a, b) => c.AddMatMul(a, b)) { Shapes = "2x4 2x3 3x4 | 4 2x3 3x4 | () 2x3 3x4", Exact = true, Reference = xs => Plain.Elementwise(x => x[0] + x[1])([xs[0], Plain.Einsum("ij,jk->ik")([xs[1], xs[2]])]), Bad = [Throws<TensorShapeException>(on => on(2, 2).AddMatMul(on(2, 3), on(2, 3))), Throws<TensorShapeException>(on => on(3, 2).AddMatMul(on(2, 3), on(3, 2))), Throws<TensorShapeException>(on => on(1, 2, 2).AddMatMul(on(2, 3), on(3, 2))), Throws<TensorShapeException>(on => on(2).AddMatMul(on(2, 2, 3), on(3, 3, 2))), Throws<ArgumentNullException>(on => on(2).AddMatMul(null!, on(2, 2))), Throws<ArgumentNullException>(on => on(2).AddMatMul(on(2, 2), null!))] },
        new("AddMatMul: factors", (c, a, b) => c.AddMatMul(a, b, alpha: N(2), beta: N(-0.5))) { Shapes = "2x4 2x3 3x4 | 2x2x4 2x2x3 3x4 | 4 3 3x4 | 2 2x3 3", Exact = true, Composed = x => (x[0] * N(-0.5)) + (x[1].MatMul(x[2]) * N(2)) },
        new("AddMatMul: not read", (c, a, b) => c.AddMatMul(a, b, beta: N(0))) { Shapes = "2x4 2x3 3x4", Exact = true, Reference = xs => Plain.Einsum("ij,jk->ik")([xs[1], xs[2]]) },
        new("Dot", (x, y) => x.Dot(y)) { Shapes = "3 3 | 1 1 | 0 0 | 1100 1100", Exact = true, Reference = Plain.Einsum("i,i->"), Bad = [Throws<TensorShapeException>(on => on(2).Dot(on(3))), Throws<TensorShapeException>(on => on(2, 2).Dot(on(2))), Throws<ArgumentNullException>(on => on(2).Dot(null!))] },
        new("Outer", (x, y) => x.Outer(y)) { Shapes = "3 2 | 1 1 | 0 2", Exact = true, Reference = Plain.Einsum("i,j->ij"), Bad = [Throws<TensorShapeException>(on => on(2, 2).Outer(on(2))), Throws<ArgumentNullException>(on => on(2).Outer(null!))] },
    ];
}
