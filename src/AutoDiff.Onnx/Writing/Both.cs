namespace AutoDiff.Onnx;

/// <summary>Something in the first recording and its counterpart in the second; both are the same thing where there is only one.</summary>
internal readonly record struct Both<TItem>(TItem First, TItem Second)
{
    public Both<TOther> Select<TOther>(Func<TItem, TOther> f) => new(f(First), f(Second));
}
