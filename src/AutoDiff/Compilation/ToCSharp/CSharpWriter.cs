using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>Writes a recorded program as C#: a variable for each element of small values, loops over arrays for the rest, each operation as its kernel computes it.</summary>
internal sealed partial class CSharpWriter<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Values of more elements are arrays.</summary>
    private const int MostElements = 16;

    /// <summary>The entries of a table of places.</summary>
    private const int LargestTable = 1 << 14;

    private readonly CSharpProgram code = new();
    private readonly CSharpHelpers helpers = new(IsSingle);
    private readonly Dictionary<Value<T>, CSharpPlace> places = new(ReferenceEqualityComparer.Instance);

    private static bool IsSingle => typeof(T) == typeof(float);

    public static string Write(CompiledProgram<T> program, string className, CSharpOptions options, (string Name, int[] Values)[] tables)
    {
        var writer = new CSharpWriter<T>();
        (string[] inputs, string[] results) = options.Names(program.Inputs.Length, program.Outputs.Length);
        for (int i = 0; i < inputs.Length; i++)
        {
            writer.places[program.Inputs[i]] = CSharpPlace.Of(inputs[i], 0, program.Inputs[i].Length);
        }

        Guard<T>[] guards = program.Guards;
        int nextGuard = 0;
        foreach (Value<T> value in program.Values.Where(static value => value.IsComputed).OrderBy(static value => value.RecordIndex))
        {
            for (; nextGuard < guards.Length && guards[nextGuard].RecordsBefore <= value.RecordIndex; nextGuard++)
            {
                writer.Check(guards[nextGuard]);
            }

            writer.places[value] = writer.Write(value);
        }

        foreach (Guard<T> guard in guards[nextGuard..])
        {
            writer.Check(guard);
        }

        for (int i = 0; i < results.Length; i++)
        {
            writer.Copy(writer.PlaceOf(program.Outputs[i]), results[i]);
        }

        if (IsSingle && Array.Exists(program.Values, static value => value.Length > 1 << 24))
        {
            throw new NotSupportedException("ToCSharp: a value has more than 2²⁴ elements, whose places floats do not tell apart. Expected smaller ones. To fix it, keep the compiled function.");
        }

        if (writer.helpers.IsUsed(className) || (options.Rows && VectorMethods.IsKnown(className)))
        {
            throw CSharpText.WrongName(className);
        }

        string summary = $"{className}: written by AutoDiff from a compiled function.\nIt has the bits of the function" + (guards.Length > 0
            ? ", for inputs at which the function takes the course that it took when it was recorded; an exception tells others." : ".");
        return writer.code.ToText(className, summary,
        [
            .. inputs.Select((name, i) => (name, Describe(program.Inputs[i]), program.Inputs[i].Length, false)),
            .. results.Select((name, i) => (name, Describe(program.Outputs[i]), program.Outputs[i].Length, true)),
        ], writer.helpers, tables, options.Rows);

        static string Describe(Value<T> value) => $"shape {Shapes.Format(value.Shape)}";
    }

    private CSharpPlace PlaceOf(Value<T> value)
    {
        if (!places.TryGetValue(value, out CSharpPlace? place))
        {
            places[value] = place = value.Source is { } source ? PlaceOf(source).Part(value.Start, value.Length) : Constant(value.Constant!);
        }

        return place;
    }

    private CSharpPlace Constant(Tensor<T> constant)
    {
        string[] literals = [.. constant.ToArray().Select(static x => CSharpText.Literal(double.CreateTruncating(x)))];
        if (literals.Length <= MostElements)
        {
            return CSharpPlace.Of(literals);
        }

        CSharpPlace place = code.Allocate(literals.Length);
        code.Add($"{code.Table(literals)}.CopyTo({place.Slice("0", place.Length)});");
        return place;
    }

    private void Check(Guard<T> guard)
    {
        CSharpPlace place = PlaceOf(guard.Value);
        ReadOnlySpan<T> seen = guard.Seen;
        for (int i = 0; i < seen.Length; i++)
        {
            string bits = Bits(seen[i]).ToString(CultureInfo.InvariantCulture);
            code.Add($"if (BitConverter.DoubleToInt64Bits({place[guard.Start + i]}) != {bits}L)\n{{\n    throw new InvalidOperationException(\"The function takes another path at these inputs.\");\n}}\n");
        }
    }

    private static long Bits(T x) => IsSingle ? BitConverter.SingleToInt32Bits(Unsafe.As<T, float>(ref x)) : BitConverter.DoubleToInt64Bits(Unsafe.As<T, double>(ref x));

    private void Copy(CSharpPlace place, string result)
    {
        if (place.Array is { } array)
        {
            code.Add($"{array}.Slice({place.Offset}, {place.Length}).CopyTo({result});");
            return;
        }

        for (int i = 0; i < place.Length; i++)
        {
            code.Add($"{result}[{i}] = {place[i]};");
        }
    }

    private CSharpPlace Write(Value<T> value)
    {
        Record<T> record = value.Record!;
        object? parameters = CSharpSingle.Widened(record.Parameters);
        if (record is LinearRecord<T> { Map: PickMap<T> pick, Batch: var count })
        {
            return value.Operands[1].Constant is null ? Pick(value, pick) : Move(value, Fixed(pick, value.Operands[1], record), count, PlaceOf(value.Operands[0]));
        }

        if (record is AssembleRecord<T> pieces)
        {
            return Assemble(value, pieces);
        }

        CSharpPlace[] xs = Array.ConvertAll(value.Operands, PlaceOf);
        switch (record)
        {
            case LinearRecord<T> { Map: SelectMap<T> }:
                return Elementwise(value, xs, e => CSharpText.IsLiteral(e[1], out bool isZero) ? (isZero ? "0.0" : e[0]) : $"{e[1]} == 0.0 ? 0.0 : {e[0]}");
            case LinearRecord<T> linear:
                return Linear(value, linear.Map, linear.Batch, xs[0]);
            case BinaryRecord<T>:
                return Elementwise(value, xs, e => ScalarCode.Binary(record.Name, parameters, e[0], e[1], helpers) ?? throw Refused(record));
        }

        return record.IsElementwise ? Elementwise(value, xs, e => ScalarCode.Unary(record.Name, parameters, e[0], helpers) ?? throw Refused(record))
            : (record.Name, parameters) switch
            {
                ("MatMul", Transposition transposed) => Product(value, transposed, xs),
                ("Where", null) => Elementwise(value, xs, e => $"{e[2]} == 0.0 ? {e[1]} : {e[0]}"),
                ("FusedMultiplyAdd", null) => Elementwise(value, xs, e => $"Math.FusedMultiplyAdd({e[0]}, {e[1]}, {e[2]})"),
                ("Max" or "Min", null) => Extremum(value, xs[0]),
                ("NanToNum", (double nan, double high, double low)) => Elementwise(value, xs,
                    e => $"double.IsFinite({e[0]}) ? {e[0]} : double.IsNaN({e[0]}) ? {ScalarCode.N(nan)} : {e[0]} > 0.0 ? {ScalarCode.N(high)} : {ScalarCode.N(low)}"),
                _ => OfThree(value, xs, parameters) ?? OfWindows(value, xs) ?? OfRows(value, xs) ?? throw Refused(record),
            };
    }

    private CSharpPlace? OfThree(Value<T> value, CSharpPlace[] xs, object? parameters)
    {
        Record<T> record = value.Record!;
        return xs.Length == 3 && ScalarCode.Ternary(record.Name, parameters, "x", "y", "z", helpers) is not null
            ? Elementwise(value, xs, e => ScalarCode.Ternary(record.Name, parameters, e[0], e[1], e[2], helpers)!) : null;
    }

    private static NotSupportedException Refused(Record<T> record) => new(
        $"ToCSharp: the operation {record.Name} is not written as C#. Expected operations that are elementwise and elementary, move or sum elements, or multiply matrices. "
        + "To fix it, write the function without it, or keep the compiled function.");

    /// <summary>A map that picks by numbers that are constants, as one that knows them.</summary>
    private static LinearMap<T> Fixed(PickMap<T> map, Value<T> places, Record<T> record) => places.Constant is { } constant ? map.With(constant.Integers.ToArray()) : throw Refused(record);

    /// <summary>An operation on elements that correspond, with broadcasting.</summary>
    private CSharpPlace Elementwise(Value<T> value, CSharpPlace[] xs, Func<string[], string> expression)
    {
        if (value.Length <= MostElements)
        {
            var elements = new string[value.Length];
            for (int i = 0; i < elements.Length; i++)
            {
                elements[i] = code.Define(expression([.. xs.Select((x, k) => Parenthesized(code.Load(x[Broadcast(value.Operands[k].Shape, value.Shape, i)])))]));
            }

            return CSharpPlace.Of(elements);
        }

        CSharpPlace result = code.Allocate(value.Length);
        string[] operands = new string[xs.Length];
        var loads = new List<string>();
        for (int k = 0; k < xs.Length; k++)
        {
            if (xs[k].Length == 1)
            {
                operands[k] = Parenthesized(code.Load(xs[k][0]));
                continue;
            }

            operands[k] = $"e{k}";
            loads.Add($"    double e{k} = {InArray(xs[k]).At(BroadcastIndex(value.Operands[k].Shape, value.Shape))};");
        }

        code.Add($"for (int i = 0; i < {value.Length}; i++)\n{{\n{string.Join('\n', loads)}\n    {result.At("i")} = {expression(operands)};\n}}\n");
        return result;
    }

    /// <summary>A negative number keeps its sign to itself.</summary>
    private static string Parenthesized(string text) => text.StartsWith('-') ? $"({text})" : text;

    private CSharpPlace InArray(CSharpPlace place)
    {
        if (place.Array is not null)
        {
            return place;
        }

        CSharpPlace array = code.Allocate(place.Length);
        for (int i = 0; i < place.Length; i++)
        {
            code.Add($"{array[i]} = {place[i]};");
        }

        return array;
    }

    private static int Broadcast(int[] operand, int[] result, int element)
    {
        (int place, int stride) = (0, 1);
        for (int axis = result.Length - 1; axis >= result.Length - operand.Length; axis--)
        {
            int own = operand[axis - result.Length + operand.Length];
            place += own == 1 ? 0 : element % result[axis] * stride;
            element /= result[axis];
            stride *= own;
        }

        return place;
    }

    /// <summary>The place in an operand for element i of the result, as an expression.</summary>
    private static string BroadcastIndex(int[] operand, int[] result)
    {
        var terms = new List<string>();
        (int inner, int stride, int axis) = (1, 1, result.Length - 1);
        while (axis >= 0)
        {
            // Axes that are there in both, one after the other, are one.
            int own = Own(axis);
            if (own == 1)
            {
                inner *= result[axis--];
                continue;
            }

            int run = 1;
            for (; axis >= 0 && Own(axis) != 1; axis--)
            {
                run *= result[axis];
            }

            bool isLast = axis < 0;
            string place = inner == 1 ? "i" : $"i / {inner}";
            place = isLast ? place : $"{(inner == 1 ? "i" : $"({place})")} % {run}";
            terms.Add(stride == 1 ? place : $"({place}) * {stride}");
            inner *= run;
            stride *= run;
        }

        return terms.Count == 0 ? "0" : string.Join(" + ", terms.Select(term => terms.Count == 1 ? term : $"({term})"));

        int Own(int axis) => axis - result.Length + operand.Length is var k and >= 0 ? operand[k] : 1;
    }

    private CSharpPlace Linear(Value<T> value, LinearMap<T> map, int batch, CSharpPlace x)
    {
        switch (map)
        {
            case ReshapeMap<T>:
                return x;
            case SumMap<T> sum:
                return Sum(value, sum, x);
            case CumulativeSumMap<T> running:
                return CumulativeSum(value, running, x);
            case SeparableMap<T> separable:
                return Separable(value, separable, batch, x);
            case RunMap<T> or StridedMap<T> or RepeatMap<T> or TakeMap<T> or PutMap<T>:
                return Move(value, map, batch, x);
            default:
                throw Refused(value.Record!);
        }
    }

    private CSharpPlace Sum(Value<T> value, SumMap<T> sum, CSharpPlace x)
    {
        var sums = new string[value.Length];
        bool few = value.Length <= MostElements;
        CSharpPlace result = few ? CSharpPlace.Of(sums) : code.Allocate(value.Length);
        if (!few)
        {
            string name = helpers.Use(SumMethod);
            CSharpPlace array = InArray(x);
            code.Add($"for (int i = 0; i < {value.Length}; i++)\n{{\n    {result.At("i")} = {name}({array.Array}, {array.Offset} + i / {sum.Inner} * {sum.Repeated * sum.Inner} + i % {sum.Inner}, {sum.Repeated}, {sum.Inner});\n}}\n");
            return result;
        }

        for (int i = 0; i < value.Length; i++)
        {
            int start = (i / sum.Inner * sum.Repeated * sum.Inner) + (i % sum.Inner);
            if (sum.Repeated <= MostElements)
            {
                sums[i] = code.Define(sum.Repeated == 0 ? "0.0" : Total("0.0", Enumerable.Range(0, sum.Repeated).Select(r => x[start + (r * sum.Inner)])));
                continue;
            }

            CSharpPlace array = x = InArray(x);
            sums[i] = code.Define($"{helpers.Use(SumMethod)}({array.Array}, {array.Offset + start}, {sum.Repeated}, {sum.Inner})");
        }

        return result;
    }

    /// <summary>Sums run in double: that of floats is rounded at its end.</summary>
    private static string SumMethod => IsSingle ? "RoundedSum" : "Sum";

    /// <summary>The sum of a start and terms, one after the other.</summary>
    private string Total(string start, IEnumerable<string> terms)
    {
        string[] all = [start, .. terms];
        return IsSingle ? $"{helpers.UseTotal(all.Length)}({string.Join(", ", all)})" : string.Join(" + ", all.Select(Parenthesized));
    }

    /// <summary>The (y, x) of a map that moves elements, in the order in which they are added.</summary>
    private static List<(int Y, int X)> Moves(LinearMap<T> map, int batch)
    {
        (int from, int to) = (Shapes.Length(map.From), Shapes.Length(map.To));
        var own = new List<(int, int)>();
        map.VisitNonzeros((y, x) => own.Add((y, x)));
        var all = new List<(int, int)>(own.Count * batch);
        for (int b = 0; b < batch; b++)
        {
            foreach ((int y, int x) in own)
            {
                all.Add(((b * to) + y, (b * from) + x));
            }
        }

        return all;
    }

    private CSharpPlace Move(Value<T> value, LinearMap<T> map, int batch, CSharpPlace x)
    {
        if (Math.Max(value.Length, x.Length) > LargestTable && Loop(map, batch) is { } loop)
        {
            CSharpPlace moved = code.Allocate(value.Length);
            if (!map.FillsTarget)
            {
                code.Add($"{moved.Slice("0", moved.Length)}.Clear();");
            }

            Walk(loop, InArray(x), moved, adds: false);
            return moved;
        }

        List<(int Y, int X)> moves = Moves(map, batch);
        bool adds = map is PutMap<T> || moves.Select(static m => m.Y).Distinct().Count() < moves.Count;
        if (value.Length <= MostElements)
        {
            ILookup<int, string> terms = moves.ToLookup(static m => m.Y, m => x[m.X]);
            return CSharpPlace.Of([.. Enumerable.Range(0, value.Length).Select(y => !terms.Contains(y) ? "0.0" : code.Define(adds ? Total("0.0", terms[y]) : terms[y].Single()))]);
        }

        if (moves.Count > LargestTable)
        {
            throw Refused(value.Record!);
        }

        CSharpPlace result = code.Allocate(value.Length);
        if (adds || moves.Count < value.Length)
        {
            code.Add($"m.Slice({result.Offset}, {result.Length}).Clear();");
        }

        Walk(moves, InArray(x), result, adds);
        return result;
    }

    /// <summary>The places in y and x of element i of a map that moves each element to a place of its own, as expressions; null for others.</summary>
    private static (string Y, string X, int Count)? Loop(LinearMap<T> map, int batch)
    {
        (int from, int to) = (Shapes.Length(map.From), Shapes.Length(map.To));
        if (map is RepeatMap<T> repeat)
        {
            return ("i", $"i / {repeat.Repeated * repeat.Inner} * {repeat.Inner} + i % {repeat.Inner}", to * batch);
        }

        if ((map as RunMap<T>)?.Walk is not { } walk)
        {
            if (map is not StridedMap<T> { Overlaps: false } strided)
            {
                return null;
            }

            walk = strided.Walk;
        }

        int count = batch * Shapes.Length(walk.Box);
        return (Place(walk.Ys, walk.Y0, to), Place(walk.Xs, walk.X0, from), count);

        string Place(int[] strides, int start, int length)
        {
            var terms = new List<string>();
            int inner = 1;
            for (int axis = walk.Box.Length - 1; axis >= 0; inner *= walk.Box[axis--])
            {
                terms.Insert(0, $"i / {inner} % {walk.Box[axis]} * {strides[axis]}");
            }

            return string.Join(" + ", [$"i / {inner} * {length} + {start}", .. terms]);
        }
    }

    private void Walk((string Y, string X, int Count) loop, CSharpPlace x, CSharpPlace y, bool adds)
    {
        if (loop.Count > 0)
        {
            code.Add($"for (int i = 0; i < {loop.Count}; i++)\n{{\n    {y.At(loop.Y)} {(adds ? "+=" : "=")} {x.At(loop.X)};\n}}\n");
        }
    }

    private void Walk(List<(int Y, int X)> moves, CSharpPlace x, CSharpPlace y, bool adds)
    {
        string to = $"{code.Table([.. moves.Select(static m => m.Y)])}[i]", from = $"{code.Table([.. moves.Select(static m => m.X)])}[i]";
        if (IsSingle && adds && moves.DistinctBy(static m => m.Y).Count() < moves.Count)
        {
            code.Add($"{helpers.Use("AddAtPlaces")}({x.Slice("0", x.Length)}, {to[..^3]}, {from[..^3]}, {y.Slice("0", y.Length)});");
            return;
        }

        code.Add($"for (int i = 0; i < {moves.Count}; i++)\n{{\n    {y.At(to)} {(adds ? "+=" : "=")} {x.At(from)};\n}}\n");
    }

    /// <summary>y = Σ A_i x_i: the first piece is where the sum starts, if it fills y.</summary>
    private CSharpPlace Assemble(Value<T> value, AssembleRecord<T> record)
    {
        int pieces = record.Pieces.Length;
        bool fills = record.Pieces[0].Map.FillsTarget;
        bool picks = Array.Exists(value.Operands[pieces..], static own => own.Constant is null) && Array.Exists(record.Pieces, static piece => piece.Map is PickMap<T>);
        var elements = new string?[value.Length <= MostElements && !picks ? value.Length : 0];
        CSharpPlace? array = elements.Length == 0 ? code.Allocate(value.Length) : null;
        if (array is not null && !fills)
        {
            code.Add($"m.Slice({array.Offset}, {array.Length}).Clear();");
        }

        for (int i = 0, operand = pieces; i < pieces; i++)
        {
            LinearMap<T> map = record.Pieces[i].Map;
            int[] shape = value.Operands[i].Shape;
            int batch = Shapes.Length(shape.AsSpan(0, shape.Length - map.From.Length));
            CSharpPlace piece = PlaceOf(value.Operands[i]);
            Value<T>? own = map.Operand is null ? null : value.Operands[operand++];
            bool starts = i == 0 && fills;
            if (map is PickMap<T> computed && own!.Constant is null)
            {
                Pick(computed, piece, PlaceOf(own), array!, adds: !starts);
                continue;
            }

            map = map is PickMap<T> pick ? Fixed(pick, own!, record) : map;
            CSharpPlace? mask = map.Operand is null ? null : PlaceOf(own!);
            if (map is not (ReshapeMap<T> or RunMap<T> or StridedMap<T> or RepeatMap<T> or TakeMap<T> or PutMap<T> or SelectMap<T>))
            {
                throw Refused(record);
            }

            if (array is not null && mask is not null)
            {
                CSharpPlace source = InArray(piece), kept = InArray(mask);
                code.Add($"for (int i = 0; i < {value.Length}; i++)\n{{\n    {array.At("i")} = {kept.At($"i % {mask.Length}")} == 0.0 ? {array.At("i")} : {array.At("i")} + {source.At("i")};\n}}\n");
                continue;
            }

            if (array is not null && Math.Max(value.Length, piece.Length) > LargestTable && Loop(map is ReshapeMap<T> ? new RunMap<T>(map.From, map.To, 0, 0, Shapes.Length(map.To)) : map, batch) is { } loop)
            {
                Walk(loop, InArray(piece), array, adds: !starts);
                continue;
            }

            List<(int Y, int X)> moves = Moves(map, batch);
            if (moves.Count > LargestTable)
            {
                throw Refused(record);
            }

            if (array is not null)
            {
                bool meets = moves.Select(static m => m.Y).Distinct().Count() < moves.Count;
                if (starts && meets)
                {
                    code.Add($"m.Slice({array.Offset}, {array.Length}).Clear();");
                }

                Walk(moves, InArray(piece), array, adds: !starts || meets);
                continue;
            }

            foreach (IGrouping<int, int> terms in moves.GroupBy(static m => m.Y, static m => m.X))
            {
                string? before = elements[terms.Key];
                string[] next = [.. terms.Select(x => piece[x])];
                elements[terms.Key] = mask is not null ? code.Define($"{mask[terms.First() % mask.Length]} == 0.0 ? {before ?? "0.0"} : {before ?? "0.0"} + {Parenthesized(next[0])}")
                    : before is null && starts ? (next.Length == 1 ? next[0] : code.Define(Total(next[0], next[1..]))) : code.Define(next.Length == 1 ? $"{before ?? "0.0"} + {Parenthesized(next[0])}" : Total(before ?? "0.0", next));
            }
        }

        return array ?? CSharpPlace.Of([.. elements.Select(static element => element ?? "0.0")]);
    }

    /// <summary>A matrix product: a chain of multiply-adds for each 256 of the inner axis, and the sum of these; of one row and one column, the inner product in registers.</summary>
    private CSharpPlace Product(Value<T> value, Transposition transposed, CSharpPlace[] xs)
    {
        (int[] x, int[] y) = (value.Operands[0].Shape, value.Operands[1].Shape);
        (int m, int k) = transposed.OfX ? (x[^1], x[^2]) : (x[^2], x[^1]);
        int n = transposed.OfY ? y[^2] : y[^1];
        (int rowX, int stepX) = transposed.OfX ? (1, m) : (k, 1);
        (int columnY, int stepY) = transposed.OfY ? (k, 1) : (1, n);
        int strideX = value.Operands[0].Length == m * k ? 0 : m * k, strideY = value.Operands[1].Length == k * n ? 0 : k * n;
        bool isDot = m == 1 && n == 1;
        if (isDot || value.Length > MostElements || k > MostElements)
        {
            CSharpPlace a = InArray(xs[0]), b = InArray(xs[1]);
            CSharpPlace result = code.Allocate(value.Length);
            string startX = $"{a.Offset} + i / {m * n} * {strideX} + i / {n} % {m} * {rowX}", startY = $"{b.Offset} + i / {m * n} * {strideY} + i % {n} * {columnY}";
            string name = helpers.Use(isDot ? "Dot" : "Chain");
            code.Add($"for (int i = 0; i < {value.Length}; i++)\n{{\n    {result.At("i")} = {name}({a.Array}, {startX}, {stepX}, {b.Array}, {startY}, {stepY}, {k});\n}}\n");
            return result;
        }

        var elements = new string[value.Length];
        for (int i = 0; i < elements.Length; i++)
        {
            (int matrix, int row, int column) = (i / (m * n), i / n % m, i % n);
            string sum = "0.0";
            for (int p = 0; p < k; p++)
            {
                sum = code.Define($"Math.FusedMultiplyAdd({code.Load(xs[0][(matrix * strideX) + (row * rowX) + (p * stepX)])}, {code.Load(xs[1][(matrix * strideY) + (column * columnY) + (p * stepY)])}, {sum})");
            }

            elements[i] = sum;
        }

        return CSharpPlace.Of(elements);
    }

    private CSharpPlace Extremum(Value<T> value, CSharpPlace x)
    {
        int columns = value.Operands[0].Shape[1];
        string name = value.Record!.Name;
        if (value.Length <= MostElements && columns <= MostElements)
        {
            return CSharpPlace.Of([.. Enumerable.Range(0, value.Length).Select(i => Enumerable.Range(1, columns - 1).Aggregate(x[i * columns], (best, j) => code.Define($"Math.{name}({best}, {x[(i * columns) + j]})")))]);
        }

        CSharpPlace rows = InArray(x), result = code.Allocate(value.Length);
        code.Add($$"""
            for (int i = 0; i < {{value.Length}}; i++)
            {
                double best = {{rows.At($"i * {columns}")}};
                for (int j = 1; j < {{columns}}; j++)
                {
                    best = Math.{{name}}(best, {{rows.At($"i * {columns} + j")}});
                }

                {{result.At("i")}} = best;
            }

            """);
        return result;
    }
}
