using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using AutoDiff.Optimization;

namespace AutoDiff.Tests.Operations;

/// <summary>The values at which public methods are called, by the type of the parameter: harmless ones first, then extreme ones.</summary>
internal static class ExtremeValues
{
    private static readonly int[] Integers = [1, 0, 2, -1, int.MinValue, int.MaxValue, 65536, 46341, 1 << 30, -(1 << 30)];
    private static readonly double[] Numbers = [0.5, 1, 0, 2, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.MinValue, double.Epsilon, 1e9];
    private static readonly string?[] Texts = ["a", "ij,jk->ik", "", "...", "-> ", "\u2212", null];

    [ThreadStatic]
    private static Tensor<double>? s_tall;

    /// <summary>The types whose objects are being made on this thread.</summary>
    [ThreadStatic]
    private static HashSet<Type>? InTheMaking;

    /// <summary>With <see cref="Wide"/> it stretches to 2^32 elements.</summary>
    /// <remarks>One for each thread: other tests, on other threads, dispose what they call with.</remarks>
    public static Tensor<double> Tall => s_tall ??= Filled(65536, 1);

    /// <summary>With <see cref="Tall"/> it stretches to 2^32 elements.</summary>
    public static Tensor<double> Wide { get; } = Filled(1, 65536);

    /// <summary>What is made in no way that a constructor would tell.</summary>
    private static readonly Dictionary<Type, Func<object[]>> Makers = new()
    {
        [typeof(Tensor<double>)] = () => [.. Tensors, Tall],
        [typeof(Tape<double>)] = () => [MakeTape(), Disposed(MakeTape())],
        [typeof(TapeScope)] = () => [TapeScope.Enter("scope")],
        [typeof(TapeExplanation)] = () => [MakeTape().Explain()],
        [typeof(TapeOperation)] = () => [MakeTape().OperationAt(1)],
        [typeof(TapeOperand)] = () => [.. MakeTape().OperationAt(1).Operands.ToArray().Cast<object>()],
        [typeof(KinkReport)] = () => [Of(tape => tape.FindKinks(tape.Variable(0.0).Abs()))],
        [typeof(KinkFinding)] = () => [Of(tape => tape.FindKinks(tape.Variable(0.0).Abs())).Findings[0]],
        [typeof(NonFiniteReport)] = () => [Of(tape => tape.FindNonFinite(tape.Variable(-1.0).Log()))],
        [typeof(NonFiniteFinding)] = () => [Of(tape => tape.FindNonFinite(tape.Variable(-1.0).Log())).InValues(NonFiniteKind.NaN)!],
        [typeof(StoredArray)] = () => [StoredArray.Create([1, 2], 2), StoredArray.Create([long.MaxValue], 1), StoredArray.Create(Tensor.Scalar(1.0))],
        [typeof(SafeTensors)] = () => [SafeTensorsFile.Read(Written(stream => SafeTensorsFile.Write(stream, Pairs(("a", StoredArray.Create([1, 2], 2))))))],
        [typeof(Parameters<double>)] = () => [MakeParameters(), new Parameters<double>()],
        [typeof(LinearOperator<double>)] = () => [JacobianOperator<double>.Create(x => x * x, Filled(3))],
        [typeof(JacobianOperator<double>)] = () => [JacobianOperator<double>.Create(x => x * x, Filled(3))],
        [typeof(CustomOperation<double>)] = () => [new CustomOperation<double>("Square", xs => FirstOf(xs) * FirstOf(xs), (g, xs, _) => [g * xs[0] * 2]), new CustomOperation<double>("Null", _ => null!, (_, _, _) => null!)],
        [typeof(SparseJacobian<double>)] = () => [new SparseJacobian<double>(x => x * x), new SparseJacobian<double>(_ => null!)],
        [typeof(SparseHessian<double>)] = () => [new SparseHessian<double>(x => (x * x).Sum()), new SparseHessian<double>(_ => null!)],
        [typeof(SparseMatrix<double>)] = () => [new SparseJacobian<double>(x => x * x).Evaluate(Filled(3))],
        [typeof(SparsityPattern)] = () => [new SparseJacobian<double>(x => x * x).Evaluate(Filled(3)).Pattern],
        [typeof(CompiledFunction<double>)] = () => [Differentiate.Compile(x => x * x, Filled(3))],
        [typeof(CompiledSum<double>)] = () => [Differentiate.CompileSum((w, rows) => (w[0] * rows[0]).Sum(), [Filled(3)], [Filled(2, 3)])],
        [typeof(CompiledMap<double>)] = () => [Differentiate.CompileMap((z, p) => z[0] * p[0], Filled(3), Filled(2))],
        [typeof(CompiledExplanation)] = () => [Differentiate.Compile(x => x * x, Filled(3)).Explain()],
        [typeof(Workspace<double>)] = () => [AfterRun(Differentiate.Compile(x => x * x, Filled(3)).CreateWorkspace())],
        [typeof(CompiledTraining<double>)] = () => [new Adam<double>(0.1).Compile((w, rows) => (w[0] * rows[0]).Sum(), [Filled(3)], Filled(2, 3))],
        [typeof(GradientOptimizer<double>)] = () => [new Adam<double>(0.1), new GradientDescent<double>(0.1, momentum: 0.5), new RmsProp<double>(0.1) { MaxNorm = 1 }],
        [typeof(OptimizerGroups<double>)] = () => [new OptimizerGroups<double>(((_, _) => true, new Adam<double>(0.1)))],
        [typeof(Minimizer<double>)] = () => [new LBfgs<double>(), new LBfgsB<double>(), new NewtonCG<double>(), new GaussNewton<double>(), new LevenbergMarquardt<double>()],
        [typeof(Bounds<double>)] = () => [(Bounds<double>)0.5, Bounds.Create<double>([Filled(3)]), Bounds.Create<double>([0.5, Filled(3)])],
        [typeof(Schedule)] = () => [Schedule.Constant(0.1), Schedule.Cosine(0.1, 10), Schedule.Step(0.1, 3)],
        [typeof(Indices<double>)] = () => [Indices.Create<double>([0, 1]), Indices.Create<double>([])],
        [typeof(NumpyArchive)] = () => [Archive()],
        [typeof(NumpyMember)] = () => [Archive().Members[0]],
        [typeof(RowSource<double>)] = () => [RowSource.Of(Filled(2, 3))],
        [typeof(OptimizationResult<Tensor<double>>)] = () => [new LBfgs<double>().Minimize(x => x.Square().Sum(), Filled(3))],
    };

    /// <summary>Calls that end well where the first values of the parameters do not, for methods whose arguments have to fit one another.</summary>
    private static readonly (string Name, Func<(object? Receiver, object?[] Arguments)> Call)[] Fitting =
    [
        ("Tensor`1.GruCell", () => (Filled(2, 3), [Filled(2, 1), Filled(3, 3), Filled(3, 1), null, null])),
        ("Tensor`1.LstmCell", () => (Filled(2, 3), [Filled(2, 1), Filled(2, 1), Filled(4, 3), Filled(4, 1), null, null])),
        ("Tensor`1.Rnn", () => (Filled(2, 2, 3), [Filled(1, 3), Filled(1, 1), null, null, null, false])),
        ("Tensor`1.Gru", () => (Filled(2, 2, 3), [Filled(3, 3), Filled(3, 1), null, null, null])),
        ("Tensor`1.Lstm", () => (Filled(2, 2, 3), [Filled(4, 3), Filled(4, 1), null, null, null, null])),
        ("Tensor`1.ConvTranspose1D", () => (Filled(1, 2, 4), [Filled(2, 2, 3), null, .. Defaults(4), 1])),
        ("Tensor`1.ConvTranspose2D", () => (Filled(1, 2, 4, 4), [Filled(2, 2, 3, 3), null, .. Defaults(4), 1])),
        ("Tensor`1.ConvTranspose3D", () => (Filled(1, 2, 4, 4, 4), [Filled(2, 2, 3, 3, 3), null, .. Defaults(4), 1])),
        ("Tensor`1.Fold", () => (Filled(1, 2, 4), [new[] { 1, 4 }, (PerAxis)1, .. Defaults(3)])),
        ("Tensor`1.GridSample", () => (Filled(1, 2, 4, 4), [Filled(1, 2, 2, 2), Interpolation.Linear, GridPadding.Zeros, false])),
        ("Tensor`1.AffineGrid", () => (Filled(1, 2, 3), [new[] { 1, 1, 2, 2 }, false])),
        ("Tensor`1.Interp", () => (Filled(3), [Filled(3), Filled(3)])),
        ("Tensor`1.CubicSpline", () => (Filled(3), [Filled(3), Filled(3)])),
        ("Tensor`1.MonotoneSpline", () => (Filled(3), [Filled(3), Filled(3)])),
        ("Tensor`1.ToString", () => (Filled(3), ["0.00", null])),
        ("Loss.Ctc", () => (null, [Filled(4, 1, 3), new[] { 1 }, new[] { 1 }, Array.Empty<int>(), 0, false, Reduction.Mean])),
        ("Loss.MultiLabelMargin", () => (null, [Filled(2, 3), new int[][] { [0], [1, 2] }, Reduction.Mean])),
        ("Loss.MultiLabelMargin", () => (null, [Filled(2, 3), new[] { 0, -1, -1, 1, -1, -1 }, Reduction.Mean])),
        ("Ode.Solve", () => (null, [Passing<Func<double, Tensor<double>, Tensor<double>[], Tensor<double>>>(), Filled(3), Array.Empty<Tensor<double>>(), new[] { 0.0, 1.0 }, null, CancellationToken.None])),
        ("SparseMatrix`1.Multiply", () => (Receivers(typeof(SparseMatrix<double>))[0], [new[] { 1.0, 2.0, 3.0 }])),
        ("SparseMatrix`1.MultiplyTransposed", () => (Receivers(typeof(SparseMatrix<double>))[0], [new[] { 1.0, 2.0, 3.0 }])),
        ("Ode.Solve", () => (null, [Passing<Func<Tensor<double>, Tensor<double>, Tensor<double>[], Tensor<double>>>(second: true), Filled(3), Array.Empty<Tensor<double>>(), Tensor.Create([0.0, 1.0]), null, CancellationToken.None])),
        ("Tensor.Bilinear", () => (null, [Filled(2, 3), Filled(2, 3, 2), Filled(2, 2)])),
        ("NumpyFile.Read", () => (null, [Written(stream => NumpyFile.Write(stream, StoredArray.Create([1, 2], 2)))])),
        ("NumpyFile.ReadArchive", () => (null, [Written(stream => NumpyFile.WriteArchive(stream, Pairs(("a", StoredArray.Create([1, 2], 2)))))])),
        ("NumpyFile.OpenArchive", () => (null, [Written(stream => NumpyFile.WriteArchive(stream, Pairs(("a", StoredArray.Create([1, 2], 2)))))])),
        ("TrainingCheckpoint.Read", ReadCheckpoint),
        ("CompiledMap`1.Run", () => (Receivers(typeof(CompiledMap<double>))[0], [Filled(3), Filled(2), CancellationToken.None])),
        ("CompiledMap`1.Values", () => (Receivers(typeof(CompiledMap<double>))[0], [Filled(3), Filled(2), CancellationToken.None])),
        ("Workspace`1.SetInput", () => (Receivers(typeof(Workspace<double>))[0], [0, new[] { 1, 2, 3 }])),
        ("SafeTensorsFile.Read", () => (null, [Written(stream => SafeTensorsFile.Write(stream, Pairs(("a", StoredArray.Create([1, 2], 2)))))])),
    ];

    /// <summary>A call that ends well, of a method whose arguments have to fit one another; null where none is listed.</summary>
    public static (object? Receiver, object?[] Arguments)? FittingCall(ReflectedMethod method)
    {
        if (method.Method.DeclaringType == typeof(Tape<double>))
        {
            return OnTape(method);
        }

        foreach ((_, Func<(object? Receiver, object?[] Arguments)> make) in Fitting.Where(own => own.Name == $"{method.Method.DeclaringType!.Name}.{method.Method.Name}"))
        {
            (object? receiver, object?[] arguments) = make();
            if (arguments.Length == method.Parameters.Length && arguments.Select((value, i) => value is null || Takes(method.Parameters[i].ParameterType, value)).All(fits => fits))
            {
                return (receiver, arguments);
            }
        }

        return null;

        static bool Takes(Type type, object value) => type.IsByRefLike ? value.GetType() == type.GetGenericArguments()[0].MakeArrayType() : type.IsInstanceOfType(value);
    }

    /// <summary>A call of a method of a tape, with tensors of that tape.</summary>
    private static (object? Receiver, object?[] Arguments)? OnTape(ReflectedMethod method)
    {
        if (method.Parameters.Length == 0 || method.Method.IsConstructor)
        {
            return null;
        }

        var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Filled(3));
        Tensor<double> y = method.Method.Name == nameof(Tape<double>.Gradient) ? (x * x).Sum() : x * x;
        return (tape, [.. method.Parameters.Select(p => p.Name switch
        {
            "y" => y,
            "x" => x,
            "ys" => new[] { y },
            "xs" => new[] { x },
            "parameters" => new Parameters<double>(("x", x)),
            "cotangent" or "tangent" => (object?)Filled(3),
            "cotangents" or "tangents" => new[] { Filled(3) },
            _ => Of(p, tape)[0],
        })]);
    }

    /// <summary>The objects whose methods are called. Those of settings have each setting at each value that is accepted.</summary>
    public static object[] Receivers(Type type) =>
        Makers.TryGetValue(type, out Func<object[]>? make) ? make()
        : type.IsValueType ? [Activator.CreateInstance(type)!]
        : type.IsAbstract ? []
        : Settings(type);

    /// <summary>The values of a parameter, the likeliest first.</summary>
    public static object?[] Of(ParameterInfo parameter, object? receiver)
    {
        Type type = parameter.ParameterType;
        object?[] values = [.. Of(type, receiver, parameter.Name)];
        if (parameter.HasDefaultValue)
        {
            object? standard = parameter.DefaultValue ?? (type.IsValueType && Nullable.GetUnderlyingType(type) is null ? type.IsByRefLike ? Array.CreateInstance(type.GetGenericArguments()[0], 0) : Activator.CreateInstance(type) : null);
            return [type.IsEnum && standard is not null ? Enum.ToObject(type, standard) : standard, .. values];
        }

        // There is no span that is null, and no struct.
        return type.IsByRefLike || (type.IsValueType && Nullable.GetUnderlyingType(type) is null) ? [.. values.Where(value => value is not null)] : values;
    }

    private static IEnumerable<object?> Of(Type type, object? receiver, string? name = null)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return [.. Of(underlying, receiver), null];
        }

        if (type.IsByRefLike)
        {
            return Of(type.GetGenericArguments()[0].MakeArrayType(), receiver, name);
        }

        return type == typeof(int) ? Integers.Cast<object?>()
            : type == typeof(long) ? [.. Integers.Select(i => (object)(long)i), long.MaxValue, long.MinValue]
            : type == typeof(ulong) ? [0UL, ulong.MaxValue]
            : type == typeof(double) ? Numbers.Cast<object?>()
            : type == typeof(bool) ? [false, true]
            : type == typeof(string) ? name is "path" or "file" ? ["/nowhere/at/all", "", "\0", null] : Texts
            : type.IsEnum ? [.. Enum.GetValues(type).Cast<object>(), Enum.ToObject(type, int.MaxValue), Enum.ToObject(type, -1)]
            : type == typeof(PerAxis) ? [.. new[] { 1, 2, 0, -1, int.MinValue, int.MaxValue, 65536, 1 << 30 }.Select(i => (object)(PerAxis)i), default(PerAxis), (PerAxis)(65536, 65536), (PerAxis)(1, 2, 3), (PerAxis)(int.MaxValue, int.MaxValue, int.MaxValue)]
            : type == typeof(Index) ? [new Index(0), new Index(int.MaxValue), Index.End, new Index(int.MaxValue, true)]
            : type == typeof(Range) ? [Range.All, new Range(0, 1), new Range(int.MaxValue, 0), new Range(Index.FromEnd(int.MaxValue), Index.End)]
            : type == typeof(TensorIndex) ? [(TensorIndex)0, (TensorIndex)Range.All, (TensorIndex)int.MaxValue, (TensorIndex)new Index(int.MaxValue, true), TensorIndex.NewAxis, TensorIndex.Ellipsis, TensorIndex.Every(.., int.MinValue), TensorIndex.Every(.., int.MaxValue), default(TensorIndex)]
            : type == typeof(TensorOrNumber<double>) ? [(TensorOrNumber<double>)1.0, (TensorOrNumber<double>)Filled(3), default(TensorOrNumber<double>)]
            : type == typeof(RandomKey) ? [new RandomKey(2)]
            : type == typeof(Tensor<double>) ? receiver is Tensor<double> own ? [own, .. Tensors, Wide, null] : [.. Tensors, null]
            : type == typeof(Stream) ? [new MemoryStream(), Stream.Null, Closed(), null]
            : type == typeof(Random) ? [new Random(1), null]
            : typeof(Delegate).IsAssignableFrom(type) ? [Returning(type, squared: false), Returning(type, squared: true), GivingNull(type), null]
            : type.IsArray && type.GetArrayRank() == 2 ? [Array.CreateInstance(type.GetElementType()!, 2, 3), Array.CreateInstance(type.GetElementType()!, 0, 3), null]
            : type.IsArray ? Arrays(type.GetElementType()!, receiver, name)
            : type == typeof(IEnumerable<KeyValuePair<string, StoredArray>>) ? [Pairs(("a", StoredArray.Create([1], 1))), Pairs(), Pairs(("a", null!)), Pairs((null!, StoredArray.Create([1], 1))), Pairs(("a", StoredArray.Create([1], 1)), ("a", StoredArray.Create([1], 1))), null]
            : type == typeof(IEnumerable<KeyValuePair<string, string>>) ? [new[] { KeyValuePair.Create("a", "b") }, new[] { KeyValuePair.Create("a", (string)null!) }, new[] { KeyValuePair.Create((string)null!, "b") }, null]
            : type.IsGenericType && type.FullName!.StartsWith("System.ValueTuple", StringComparison.Ordinal) ? Tuples(type, receiver)
            : type.IsInterface && type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) || type == typeof(IEnumerable<double>) || type == typeof(IEnumerable<double[]>) || type == typeof(IEnumerable<Tensor<double>>)) ? Arrays(type.GetGenericArguments()[0], receiver, name)
            : type == typeof(IReadOnlyDictionary<string, StoredArray>) ? [new Dictionary<string, StoredArray>(), null]
            : type == typeof(IReadOnlyDictionary<string, string>) ? [new Dictionary<string, string>(), null]
            : type == typeof(IFormatProvider) ? [CultureInfo.InvariantCulture, null]
            : type.IsInterface ? [null]
            : type.IsValueType ? [Activator.CreateInstance(type)]
            : [.. Receivers(type), null];
    }

    private static IEnumerable<object?> Arrays(Type element, object? receiver, string? name)
    {
        if (element == typeof(int))
        {
            int[][] own = receiver is Tensor<double> x ? [new int[x.Rank], x.Shape.ToArray()] : [];
            return
            [
                .. own, new[] { 0 }, new[] { 1 }, Array.Empty<int>(), new[] { 2, 3 }, .. Integers.Select(i => new[] { i }), new[] { 65536, 65536 }, new[] { 46341, 46341 }, new[] { 1 << 30, 2 }, new[] { 1, -1, -1 },
                new[] { int.MinValue, int.MinValue }, new[] { int.MaxValue, int.MaxValue }, new[] { 0, int.MaxValue, int.MaxValue }, Enumerable.Repeat(1, 65).ToArray(),
                // A million axes are refused; a million indices are a long result.
                new int[name is "indices" or "numbers" or "segments" or "sizes" or "classes" or "targets" ? 1000 : 1_000_000], null,
            ];
        }

        if (element == typeof((int, int)) || (element.IsGenericType && element.GetGenericArguments() is [var a, var b] && a == typeof(int) && b == typeof(int)))
        {
            return [Widths(receiver, 0, 0), Array.Empty<(int, int)>(), .. Integers.SelectMany(_ => Integers, (before, after) => Widths(receiver, before, after)), Enumerable.Repeat((0, 0), 1_000_000).ToArray(), null];
        }

        object?[] items = [.. Of(element, receiver, name)];
        var all = new List<object?>();
        if (element == typeof(Tensor<double>))
        {
            all.Add(ArrayOf(element, Filled(2, 3), Filled(2, 3)));
            all.Add(ArrayOf(element, Tall, Wide));
            all.Add(ArrayOf(element, [.. Enumerable.Repeat<object?>(Filled(1), 65)]));
        }
        else if (element == typeof(double))
        {
            all.Add(new[] { 0.0, 1.0 });
            all.Add(new[] { 1.0, 1.0 });
        }
        else if (element == typeof(TensorIndex))
        {
            all.Add(Enumerable.Repeat(TensorIndex.NewAxis, 65).ToArray());
            all.Add(new[] { TensorIndex.Ellipsis, TensorIndex.Ellipsis });
        }

        all.AddRange(items.Where(item => item is not null || !element.IsValueType).Select(item => ArrayOf(element, item)));
        return [.. all, Array.CreateInstance(element, 0), null];
    }

    private static Array ArrayOf(Type element, params object?[] items)
    {
        var array = Array.CreateInstance(element, items.Length);
        for (int i = 0; i < items.Length; i++)
        {
            array.SetValue(items[i], i);
        }

        return array;
    }

    private static IEnumerable<object?> Tuples(Type type, object? receiver)
    {
        object?[][] parts = [.. type.GetGenericArguments().Select(own => Of(own, receiver).ToArray())];
        yield return Activator.CreateInstance(type, [.. parts.Select(own => own[0])]);
        for (int i = 0; i < parts.Length; i++)
        {
            foreach (object? value in parts[i])
            {
                yield return Activator.CreateInstance(type, [.. parts.Select((own, k) => k == i ? value : own[0])]);
            }
        }
    }

    /// <summary>
    /// Objects made by a constructor and by settable properties: one as they stand, and one for each setting and each of its values that is accepted. Where a type is made of itself, there is nothing of it inside.
    /// </summary>
    private static object[] Settings(Type type)
    {
        HashSet<Type> making = InTheMaking ??= [];
        if (!making.Add(type))
        {
            return [];
        }

        try
        {
            return Made(type);
        }
        finally
        {
            making.Remove(type);
        }
    }

    private static object[] Made(Type type)
    {
        var all = new List<object>();
        foreach (ConstructorInfo constructor in type.GetConstructors())
        {
            object?[][] values = [.. constructor.GetParameters().Select(p => Of(p, null))];
            object?[] plain = [.. values.Select(own => own[0])];
            Add(() => constructor.Invoke(plain));
            for (int i = 0; i < values.Length; i++)
            {
                foreach (object? value in values[i])
                {
                    var own = (object?[])plain.Clone();
                    own[i] = value;
                    Add(() => constructor.Invoke(own));
                }
            }

            foreach (PropertyInfo property in type.GetProperties().Where(p => p.SetMethod is { IsPublic: true }))
            {
                foreach (object? value in Of(property.SetMethod!.GetParameters()[0], null))
                {
                    Add(() =>
                    {
                        object made = constructor.Invoke(plain);
                        property.SetValue(made, value);
                        return made;
                    });
                }
            }
        }

        return [.. all];

        void Add(Func<object> make)
        {
            try
            {
                all.Add(make());
            }
            catch (TargetInvocationException)
            {
                // Refused: the constructor and the setter are methods of their own, whose errors are checked where they are called.
            }
        }
    }

    private static Tensor<double>[] Tensors =>
    [
        Filled(2, 3), Filled(), Filled(3), Filled(3, 3), Filled(1, 2, 4), Filled(1, 2, 4, 4), Filled(1, 2, 4, 4, 4), Tensor.Zeros<double>(0, 65536), Filled([.. Enumerable.Repeat(1, 64)]),
    ];

    /// <summary>Numbers between 0 and 1, ascending; a square matrix is positive definite.</summary>
    private static Tensor<double> Filled(params int[] shape)
    {
        int n = shape.Aggregate(1, (product, extent) => product * extent);
        return shape is [var rows, var columns] && rows == columns
            ? Tensor.Full(0.25, shape) + (Tensor.Identity<double>(rows) * 0.5)
            : Tensor.Create([.. Enumerable.Range(1, n).Select(i => (double)i / (n + 1))], shape);
    }

    private static object?[] Defaults(int n) => [.. Enumerable.Repeat((object?)default(PerAxis), n)];

    private static TDelegate Passing<TDelegate>(bool second = false) where TDelegate : Delegate => (TDelegate)Returning(typeof(TDelegate), squared: false, second);

    private static NumpyArchive Archive() => NumpyFile.OpenArchive(Written(stream => NumpyFile.WriteArchive(stream, Pairs(("a", StoredArray.Create([1, 2], 2))))));

    private static (object? Receiver, object?[] Arguments) ReadCheckpoint()
    {
        string path = Path.GetTempFileName();
        try
        {
            Parameters<double> parameters = new(("a", Filled(2)));
            TrainingCheckpoint.Write(path, parameters, new Adam<double>(0.1));
            return (null, [new MemoryStream(File.ReadAllBytes(path)), parameters, new Adam<double>(0.1)]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static MemoryStream Written(Action<Stream> write)
    {
        var stream = new MemoryStream();
        write(stream);
        stream.Position = 0;
        return stream;
    }

    private static Tape<double> MakeTape()
    {
        var tape = new Tape<double>();
        _ = tape.Variable(1.0).Sin();
        return tape;
    }

    private static Tape<double> Disposed(Tape<double> tape)
    {
        tape.Dispose();
        return tape;
    }

    private static TResult Of<TResult>(Func<Tape<double>, TResult> read)
    {
        using var tape = new Tape<double>();
        return read(tape);
    }

    private static Workspace<double> AfterRun(Workspace<double> workspace)
    {
        workspace.Run();
        return workspace;
    }

    private static Stream Closed()
    {
        var stream = new MemoryStream();
        stream.Dispose();
        return stream;
    }

    private static Parameters<double> MakeParameters() => new(("a", Tensor.Ones<double>(2)), ("b", Tensor.Scalar(1.0)));

    private static object Widths(object? receiver, int before, int after)
    {
        var widths = new (int, int)[receiver is Tensor<double> x ? x.Rank : 1];
        if (widths.Length > 0)
        {
            widths[^1] = (before, after);
        }

        return widths;
    }

    private static KeyValuePair<string, StoredArray>[] Pairs(params (string, StoredArray)[] pairs) => [.. pairs.Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))];

    /// <summary>A function that gives its first tensor, or the sum of its squares; for other results the first parameter of that type, or what the type has for nothing.</summary>
    private static Delegate Returning(Type type, bool squared, bool second = false)
    {
        MethodInfo method = type.GetMethod("Invoke")!;
        ParameterExpression[] parameters = [.. method.GetParameters().Select(p => Expression.Parameter(p.ParameterType))];
        Expression? tensor = parameters.Where(p => p.Type == typeof(Tensor<double>)).Skip(second ? 1 : 0).FirstOrDefault()
            ?? (parameters.FirstOrDefault(p => p.Type == typeof(Tensor<double>[])) is { } array ? Expression.Call(((Func<Tensor<double>[], Tensor<double>>)FirstOf).Method, array) : null)
            ?? (parameters.FirstOrDefault(p => p.Type == typeof(Parameters<double>)) is { } named ? Expression.Call(named, nameof(Parameters<double>.Flatten), null) : (Expression?)null);
        Expression body = method.ReturnType == typeof(void) ? Expression.Empty()
            : method.ReturnType == typeof(Tensor<double>) && tensor is not null ? squared ? Expression.Call(((Func<Tensor<double>, Tensor<double>>)Squared).Method, tensor) : tensor
            : parameters.FirstOrDefault(p => p.Type == method.ReturnType) ?? (Expression)Expression.Default(method.ReturnType);
        return Expression.Lambda(type, body, squared ? "squares" : "first", parameters).Compile();
    }

    private static Tensor<double> FirstOf(Tensor<double>[] xs) => xs.Length > 0 ? xs[0] : Tensor.Scalar(1.0);

    private static Tensor<double> Squared(Tensor<double> x) => (x * x).Sum();

    private static Delegate GivingNull(Type type)
    {
        MethodInfo method = type.GetMethod("Invoke")!;
        return Expression.Lambda(type, method.ReturnType == typeof(void) ? Expression.Empty() : Expression.Default(method.ReturnType), "null", method.GetParameters().Select(p => Expression.Parameter(p.ParameterType))).Compile();
    }
}
