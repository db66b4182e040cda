namespace AutoDiff.Kernels;

/// <summary>
/// The additions of a sum along the tree, for terms that lie in numbered places: pairs of places, of which the right one is to be added to the left one. The sum is then in place 0, the same whoever
/// computed the terms.
/// </summary>
/// <param name="count">How many terms there are.</param>
internal struct TreePairs(int count)
{
    private int left;
    private int step = 1;

    public (int Left, int Right) Current { get; private set; }

    public readonly TreePairs GetEnumerator() => this;

    public bool MoveNext()
    {
        for (; step < count; (left, step) = (0, 2 * step))
        {
            if (left + step < count)
            {
                Current = (left, left + step);
                left += 2 * step;
                return true;
            }
        }

        return false;
    }
}
