using System.Numerics;

namespace AutoDiff.Tests.Operations;

/// <summary>One row of the operation table: an operation, where to test it, and what it should give.</summary>
/// <remarks>
/// The name is the public method (or operator) that the row covers, followed by a colon and the case where a method has several: "Sum: axis 1". The function comes next; an elementwise one
/// is followed by its reference on plain doubles. All else has a default.
/// </remarks>
internal sealed class OperationRow<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string UnaryShapes = "() | 1 | 5 | 2x3 | 0 | 2x0x3 | 1030";
    private const string BinaryShapes = "() () | 3 3 | 2x3 3 | 2x1 1x3 | () 2x2 | 2x2 () | 3 1 | 1 3 | 2x1x2 3x1 | 0 1 | 2x0 1x1 | 2 600x2";
    private const string TernaryShapes = "() () () | 3 3 3 | 2x3 3 2x1 | () 2x2 1";

    /// <summary>A function of one tensor.</summary>
    public OperationRow(string name, Func<Tensor<T>, Tensor<T>> f, Func<double, double>? value = null) : this(name, 1, UnaryShapes, x => f(x[0])) =>
        (Reference, IsElementwise) = (value is null ? null : Plain.Elementwise(x => value(x[0])), value is not null);

    /// <summary>A function of two tensors.</summary>
    public OperationRow(string name, Func<Tensor<T>, Tensor<T>, Tensor<T>> f, Func<double, double, double>? value = null) : this(name, 2, BinaryShapes, x => f(x[0], x[1])) =>
        (Reference, IsElementwise) = (value is null ? null : Plain.Elementwise(x => value(x[0], x[1])), value is not null);

    /// <summary>A function of three tensors.</summary>
    public OperationRow(string name, Func<Tensor<T>, Tensor<T>, Tensor<T>, Tensor<T>> f, Func<double, double, double, double>? value = null)
        : this(name, 3, TernaryShapes, x => f(x[0], x[1], x[2])) =>
        (Reference, IsElementwise) = (value is null ? null : Plain.Elementwise(x => value(x[0], x[1], x[2])), value is not null);

    /// <summary>A function of so many tensors, with its shapes.</summary>
    public OperationRow(string name, int inputs, Func<Tensor<T>[], Tensor<T>> f) : this(name, inputs, "", f)
    {
    }

    private OperationRow(string name, int inputs, string shapes, Func<Tensor<T>[], Tensor<T>> f) => (Name, Inputs, Shapes, F) = (name, inputs, shapes, f);

    /// <summary>The method and the case, unique in the table.</summary>
    public string Name { get; }

    /// <summary>The public method that the row covers.</summary>
    public string Operation => Name.Split(':')[0];

    public int Inputs { get; }

    /// <summary>Whether the row gives its reference as a function of numbers: each element of the result depends on one element of each input.</summary>
    public bool IsElementwise { get; }

    public Func<Tensor<T>[], Tensor<T>> F { get; }

    /// <summary>The shapes of the inputs, as text: cases are separated by bars, inputs by spaces, extents by x; () is a scalar. "2x3 3 | () 2".</summary>
    public string Shapes { get; init; }

    /// <summary>The interval of all inputs.</summary>
    public (double From, double To) Domain { get; init; } = (-2, 2);

    /// <summary>The intervals of the inputs, one for each, where they differ.</summary>
    public (double From, double To)[]? Domains { get; init; }

    /// <summary>Points that inputs keep away from by at least 0.05: kinks, poles.</summary>
    public double[] Avoid { get; init; } = [];

    /// <summary>Makes a valid input of random numbers and a shape, such as a positive definite matrix.</summary>
    public Func<Plain, Plain>? Prepare { get; init; }

    /// <summary>Whether inputs are symmetric matrices, to be perturbed symmetrically.</summary>
    public bool Symmetric { get; init; }

    /// <summary>The value by plain loops. A row has this, or <see cref="Composed"/>.</summary>
    public Func<Plain[], Plain>? Reference { get; init; }

    /// <summary>The same function, composed of other operations: a fused operation must agree with it to third order.</summary>
    public Func<Tensor<T>[], Tensor<T>>? Composed { get; init; }

    /// <summary>Whether the function is a polynomial of degree two at most: central differences with step 1 then have no truncation error.</summary>
    public bool Exact { get; init; }

    /// <summary>Whether the result is a constant, without a derivative.</summary>
    public bool Constant { get; init; }

    /// <summary>Whether the rule calls a function of the user, who may keep what it makes: then nothing of that is taken back.</summary>
    public bool CallsUser { get; init; }

    /// <summary>Whether the function is made of several public operations: some are recorded before another finds that operands do not go together.</summary>
    public bool Several { get; init; }

    /// <summary>The highest order of derivative to test.</summary>
    public int Order { get; init; } = 3;

    /// <summary>A factor on all tolerances, for ill-conditioned operations.</summary>
    public double Tolerance { get; init; } = 1;

    /// <summary>Conventions: values and derivatives at special points.</summary>
    public Point[] Points { get; init; } = [];

    /// <summary>Misuse that must throw.</summary>
    public BadInput<T>[] Bad { get; init; } = [];

    public override string ToString() => Name;

    /// <summary>The list of shapes, one array of shapes for each case.</summary>
    public IEnumerable<int[][]> ShapeCases() => Shapes.Split('|').Select(shapes => shapes.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(shape => shape == "()" ? [] : shape.Split('x').Select(int.Parse).ToArray()).ToArray());
}

/// <summary>A special point: inputs, the value there, and the gradient of its sum (or of its product with the seed) by each input. Written as a tuple for elementwise operations.</summary>
internal sealed record Point(double[][] Inputs, double[] Value, double[][] Gradients, double[]? Seed = null)
{
    /// <summary>(x, y, dy/dx).</summary>
    public static implicit operator Point((double X, double Y, double Slope) p) => new([[p.X]], [p.Y], [[p.Slope]]) { IsElementwise = true };

    /// <summary>(x, y, z, dz/dx, dz/dy).</summary>
    public static implicit operator Point((double X, double Y, double Z, double ByX, double ByY) p) => new([[p.X], [p.Y]], [p.Z], [[p.ByX], [p.ByY]]) { IsElementwise = true };

    /// <summary>Whether the point may be repeated along an axis.</summary>
    public bool IsElementwise { get; init; }
}

/// <summary>Gives an input of a shape, recorded or not.</summary>
internal delegate Tensor<T> InputOf<T>(params int[] shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>A call that must throw exactly this exception, and leave the tape as it was.</summary>
internal sealed record BadInput<T>(Type Exception, Func<InputOf<T>, Tensor<T>> Call) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
