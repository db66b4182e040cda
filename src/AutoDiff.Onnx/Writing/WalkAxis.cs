namespace AutoDiff.Onnx;

/// <summary>A run of a strided walk along one axis of x and one of y.</summary>
internal readonly record struct WalkAxis(int Length, int XAxis, int XStart, int XStep, int YAxis, int YStart, int YStep)
{
    /// <summary>
    /// The walk as runs along the axes of the two shapes, in the order of the axes of y; null where two runs share an axis, as in windows and diagonals, or where a run crosses from one axis into the next.
    /// </summary>
    public static WalkAxis[]? Split(StridedWalk walk, int[] from, int[] to)
    {
        (int[] xStrides, int[] yStrides) = (Strides(from), Strides(to));
        var open = new Stack<(int Length, int Xs, int Ys)>();
        for (int i = 0; i < walk.Box.Length; i++)
        {
            if (walk.Box[i] != 1)
            {
                open.Push((walk.Box[i], walk.Xs[i], walk.Ys[i]));
            }
        }

        var axes = new List<WalkAxis>();
        while (open.TryPop(out (int Length, int Xs, int Ys) run))
        {
            if (Place(from, xStrides, walk.X0, run.Length, run.Xs) is not { } x || Place(to, yStrides, walk.Y0, run.Length, run.Ys) is not { } y)
            {
                return null;
            }

            // A run over several whole axes is cut at the shorter of the two innermost ones.
            int cut = Math.Min(x.Length, y.Length);
            if (cut < run.Length)
            {
                if (cut < 2 || run.Length % cut != 0 || (x.Length > cut && x.Length % cut != 0) || (y.Length > cut && y.Length % cut != 0))
                {
                    return null;
                }

                open.Push((run.Length / cut, run.Xs * cut, run.Ys * cut));
                open.Push((cut, run.Xs, run.Ys));
                continue;
            }

            axes.Add(new WalkAxis(run.Length, x.Axis, x.Start, x.Step, y.Axis, y.Start, y.Step));
        }

        return axes.DistinctBy(static a => a.XAxis).Count() < axes.Count || axes.DistinctBy(static a => a.YAxis).Count() < axes.Count ? null : [.. axes.OrderBy(static a => a.YAxis)];
    }

    /// <summary>The place of an element along an axis.</summary>
    public static int StartOn(int place, int[] shape, int axis) => place / Strides(shape)[axis] % shape[axis];

    private static (int Axis, int Start, int Step, int Length)? Place(int[] shape, int[] strides, int first, int length, int stride)
    {
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            int own = strides[axis];
            if (shape[axis] < 2 || Math.Abs(stride) < own || Math.Abs(stride) >= own * shape[axis])
            {
                continue;
            }

            int step = stride / own;
            int start = first / own % shape[axis];
            int last = start + (step * (length - 1));
            return stride % own != 0 ? null
                : last >= 0 && last < shape[axis] ? (axis, start, step, length)
                : step == 1 && start == 0 && length % shape[axis] == 0 ? (axis, start, step, shape[axis])
                : null;
        }

        return null;
    }

    private static int[] Strides(int[] shape)
    {
        var strides = new int[shape.Length];
        int stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        return strides;
    }
}
