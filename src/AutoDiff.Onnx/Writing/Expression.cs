namespace AutoDiff.Onnx;

/// <summary>A value of a graph with the operators of arithmetic, so that what ONNX has no operation for is composed in a formula. Numbers, or truth values.</summary>
internal readonly record struct Expression(GraphBuilder Graph, string Name, bool IsTruth = false)
{
    public static Expression operator +(Expression x, Expression y) => x.With("Add", y);

    public static Expression operator -(Expression x, Expression y) => x.With("Sub", y);

    public static Expression operator *(Expression x, Expression y) => x.With("Mul", y);

    public static Expression operator /(Expression x, Expression y) => x.With("Div", y);

    public static Expression operator +(Expression x, double c) => x + x.Number(c);

    public static Expression operator -(Expression x, double c) => x - x.Number(c);

    public static Expression operator *(Expression x, double c) => x * x.Number(c);

    public static Expression operator /(Expression x, double c) => x / x.Number(c);

    public static Expression operator +(double c, Expression x) => x.Number(c) + x;

    public static Expression operator -(double c, Expression x) => x.Number(c) - x;

    public static Expression operator *(double c, Expression x) => x.Number(c) * x;

    public static Expression operator /(double c, Expression x) => x.Number(c) / x;

    public static Expression operator -(Expression x) => x.Call("Neg");

    public static Expression operator >(Expression x, Expression y) => x.Test("Greater", y);

    public static Expression operator <(Expression x, Expression y) => x.Test("Less", y);

    public static Expression operator >(Expression x, double c) => x > x.Number(c);

    public static Expression operator <(Expression x, double c) => x < x.Number(c);

    public static Expression operator >=(Expression x, Expression y) => x.Test("GreaterOrEqual", y);

    public static Expression operator <=(Expression x, Expression y) => x.Test("LessOrEqual", y);

    public static Expression operator >=(Expression x, double c) => x >= x.Number(c);

    public static Expression operator <=(Expression x, double c) => x <= x.Number(c);

    public static Expression operator !(Expression x) => new(x.Graph, x.Graph.Add("Not", [x.Truth().Name]), true);

    public static Expression operator &(Expression x, Expression y) => new(x.Graph, x.Graph.Add("And", [x.Truth().Name, y.Truth().Name]), true);

    public static Expression operator |(Expression x, Expression y) => new(x.Graph, x.Graph.Add("Or", [x.Truth().Name, y.Truth().Name]), true);

    public Expression Number(double c) => new(Graph, Graph.Number(c));

    /// <summary>An operation on numbers.</summary>
    public Expression Call(string type, params (string, object)[] attributes) => new(Graph, Graph.Add(type, [AsNumbers().Name], attributes));

    /// <summary>An operation on numbers and a second operand.</summary>
    public Expression With(string type, Expression y, params (string, object)[] attributes) => new(Graph, Graph.Add(type, [AsNumbers().Name, y.AsNumbers().Name], attributes));

    /// <summary>A comparison.</summary>
    public Expression Test(string type, Expression y) => new(Graph, Graph.Add(type, [AsNumbers().Name, y.AsNumbers().Name]), true);

    public Expression EqualTo(double c) => Test("Equal", Number(c));

    public Expression IsNaN() => new(Graph, Graph.Add("IsNaN", [AsNumbers().Name]), true);

    /// <summary>A reduction along axes that stay with length 1.</summary>
    public Expression Reduce(string type, params long[] axes)
    {
        // Axes are an input of the sum since operator set 13, of the others since 18.
        bool areInput = type == "ReduceSum" || Graph.Opset >= 18;
        return new(Graph, areInput ? Graph.Add(type, [AsNumbers().Name, Graph.Integers(axes)], ("keepdims", 1L)) : Graph.Add(type, [AsNumbers().Name], ("axes", axes), ("keepdims", 1L)));
    }

    /// <summary>Truth values from 1 and 0, which masks are in the library: what is not 0 is true.</summary>
    public Expression Truth() => IsTruth ? this : Graph.Truths.TryGetValue(Name, out string? truth) ? new(Graph, truth, true) : new(Graph, Graph.Add("Cast", [Name], ("to", (long)OnnxType.Bool)), true);

    /// <summary>1 and 0 from truth values.</summary>
    public Expression AsNumbers()
    {
        if (!IsTruth)
        {
            return this;
        }

        string numbers = Graph.Add("Cast", [Name], ("to", (long)Graph.NumberType));
        Graph.Truths[numbers] = Name;
        return new(Graph, numbers);
    }

    /// <summary>One of two, by these truth values.</summary>
    public Expression Choose(Expression x, Expression y) => new(Graph, Graph.Add("Where", [Truth().Name, x.AsNumbers().Name, y.AsNumbers().Name]));

    public Expression Choose(double x, Expression y) => Choose(Number(x), y);

    public Expression Choose(Expression x, double y) => Choose(x, Number(y));

    public Expression Choose(double x, double y) => Choose(Number(x), Number(y));
}
