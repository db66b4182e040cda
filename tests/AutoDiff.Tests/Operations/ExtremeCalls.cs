using System.Reflection;

namespace AutoDiff.Tests.Operations;

/// <summary>
/// The calls of a method with one argument, or two, at an extreme value. The others are as a program might have them: combinations are tried until a call ends well, so that what is checked lies behind the first
/// check of the arguments.
/// </summary>
internal sealed class ExtremeCalls
{
    /// <summary>So many combinations are tried for a call that ends well.</summary>
    private const int Tries = 200;

    /// <summary>Methods whose result is as large, or whose work is as long, as what is asked for: nothing can be refused.</summary>
    private static readonly HashSet<string> OfAnySize =
    [
        nameof(RandomKey.Split), nameof(RandomKey.Permutation), nameof(RandomKey.Integers), nameof(Tensor.Range), nameof(Tensor.LinearSpace), nameof(Tensor.BinCount), nameof(Tensor.Identity), nameof(Differentiate.Scan),
        nameof(RowSource.Numbers), nameof(Tensor<>.Histogram), nameof(Tensor.OneHot), nameof(Tensor<>.Pad), nameof(Tensor<>.Strided),
    ];

    private readonly ReflectedMethod method;

    public ExtremeCalls(ReflectedMethod method) => this.method = method;

    /// <summary>Whether a call with some arguments ended well; known when the calls have been listed.</summary>
    public bool EndsWell { get; private set; }

    /// <summary>A call that ends well, as far as one is found.</summary>
    public (object? Receiver, object?[] Arguments)? EndingWell()
    {
        if (ExtremeValues.FittingCall(method) is { } fitting)
        {
            return fitting;
        }

        MethodBase own = method.Method;
        foreach (object? receiver in own.IsStatic || own.IsConstructor ? new object?[] { null } : [.. ExtremeValues.Receivers(own.DeclaringType!).Where(static receiver => !ReferenceEquals(receiver, ExtremeValues.Tall))])
        {
            object?[][] values = [.. method.Parameters.Select(p => ExtremeValues.Of(p, receiver))];
            if (Combinations(values).Take(Tries).FirstOrDefault(arguments => method.Run(receiver, arguments) is null) is { } arguments)
            {
                return (receiver, arguments);
            }
        }

        return null;
    }

    /// <summary>For each receiver the call that ends well, or else the first one, and from it each argument at each of its values, and each pair of sizes.</summary>
    public IEnumerable<ReflectedCall> All()
    {
        MethodBase own = method.Method;
        var starts = new List<(object? Receiver, object?[]? Arguments)>();
        if (ExtremeValues.FittingCall(method) is { } fitting)
        {
            starts.Add((fitting.Receiver, fitting.Arguments));
        }

        // What all calls share is not disposed.
        starts.AddRange((own.IsStatic || own.IsConstructor ? new object?[] { null } : ExtremeValues.Receivers(own.DeclaringType!))
            .Where(receiver => own.Name != nameof(IDisposable.Dispose) || !ReferenceEquals(receiver, ExtremeValues.Tall)).Select(receiver => (receiver, (object?[]?)null)));
        foreach ((object? receiver, object?[]? fit) in starts)
        {
            object?[][] values = [.. method.Parameters.Select(p => ExtremeValues.Of(p, receiver))];
            if (ReferenceEquals(receiver, ExtremeValues.Tall))
            {
                // Many elements are there to be multiplied: by those of another, or by axes.
                foreach (object?[] arguments in Varied(values, [.. values.Select(all => all.FirstOrDefault())], pairs: false, wide: true).Where(arguments => arguments.Any(a => ReferenceEquals(a, ExtremeValues.Wide) || a is int[])))
                {
                    yield return new ReflectedCall(method, receiver, arguments);
                }

                continue;
            }

            object?[]? good = (fit is null ? Combinations(values).Take(Tries) : [fit]).FirstOrDefault(arguments => method.Run(receiver, arguments) is null);
            object?[] plain = good ?? [.. values.Select(all => all[0])];
            yield return new ReflectedCall(method, receiver, plain);
            foreach (object?[] arguments in Varied(values, plain, pairs: good is not null && !EndsWell).Where(arguments => IsBounded(receiver, arguments)))
            {
                yield return new ReflectedCall(method, receiver, arguments);
            }

            EndsWell |= good is not null;
        }
    }

    private IEnumerable<object?[]> Varied(object?[][] values, object?[] plain, bool pairs, bool wide = false)
    {
        int tall = -1;
        for (int i = 0; i < values.Length; i++)
        {
            foreach (object? value in values[i].Where(value => !ReferenceEquals(value, ExtremeValues.Wide) || wide))
            {
                yield return With(plain, (i, value));
            }

            if (method.Parameters[i].ParameterType == typeof(Tensor<double>))
            {
                if (tall >= 0)
                {
                    yield return With(plain, (tall, ExtremeValues.Tall), (i, ExtremeValues.Wide));
                }

                tall = tall < 0 ? i : tall;
            }

            for (int j = 0; pairs && j < i; j++)
            {
                foreach (object? x in values[i].Where(IsSize))
                {
                    foreach (object? y in values[j].Where(IsSize))
                    {
                        yield return With(plain, (i, x), (j, y));
                    }
                }
            }
        }
    }

    private static object?[] With(object?[] plain, params (int At, object? Value)[] changes)
    {
        var own = (object?[])plain.Clone();
        foreach ((int at, object? value) in changes)
        {
            own[at] = value;
        }

        return own;
    }

    /// <summary>The likely values of the arguments, the first ones first.</summary>
    private IEnumerable<object?[]> Combinations(object?[][] values)
    {
        // Of sizes and numbers the first few are harmless; of tensors and functions any may be the one that fits.
        object?[][] likely =
        [
            .. values.Select((all, i) => all
                .Where(value => value is not null || method.Parameters[i].HasDefaultValue)
                .Where(value => value is not (int.MinValue or int.MaxValue or 1 << 30) && !ReferenceEquals(value, ExtremeValues.Wide))
                .Take(4 + (12 / values.Length)).ToArray()),
        ];
        var at = new int[values.Length];
        while (likely.All(own => own.Length > 0))
        {
            yield return [.. at.Select((k, i) => likely[i][k])];
            int axis = 0;
            while (axis < at.Length && ++at[axis] == likely[axis].Length)
            {
                at[axis++] = 0;
            }

            if (axis == at.Length)
            {
                yield break;
            }
        }
    }

    private static bool IsSize(object? value) => value is int or int[] or PerAxis;

    /// <summary>Whether the result is small, or has to be refused: 2^30 of anything is asked for only where there are at least two of it, so that there would be 2^31.</summary>
    private bool IsBounded(object? receiver, object?[] arguments)
    {
        bool any = OfAnySize.Contains(method.Method.Name);
        bool huge = arguments.Any(a => a switch
        {
            int size => size == 1 << 30 || (any && size > 40_000),
            double factor => factor == 1e9,
            int[] sizes => sizes.Contains(1 << 30),
            double[] factors => factors.Contains(1e9),
            (int, int)[] widths => widths.Any(w => w.Item1 > 40_000 || w.Item2 > 40_000),
            PerAxis size => size.Equals((PerAxis)(1 << 30)),
            _ => false,
        });
        return !huge || (!any && (receiver is Tensor<double> { Rank: >= 2 } x && x.Shape[0] >= 2 && x.Shape[^1] >= 2));
    }
}
