namespace AutoDiff.Onnx;

/// <summary>How a function is written as an ONNX model.</summary>
public sealed class OnnxOptions
{
    /// <summary>The least and the greatest operator set that can be written.</summary>
    internal const int LeastOpset = 13, GreatestOpset = 23;

    /// <summary>The version of the operator set, from 13 to 23; 18 by default. Older runtimes need a smaller one.</summary>
    public int Opset { get; init; } = 18;

    /// <summary>The names of the inputs; x, or x0, x1, ... by default.</summary>
    public IReadOnlyList<string>? InputNames { get; init; }

    /// <summary>The names of the results; y, or y0, y1, ... by default.</summary>
    public IReadOnlyList<string>? OutputNames { get; init; }

    /// <summary>
    /// For each input the axis of the batch, whose length is left free in the model, or null for an input without one, such as a weight. None is free by default. The function is recorded at two lengths then:
    /// whatever differs between the two recordings has to be linear in the length.
    /// </summary>
    public IReadOnlyList<int?>? BatchAxes { get; init; }

    /// <summary>Whether a function in double precision is written in single precision, which ONNX Runtime has more operations in, and which runs faster.</summary>
    public bool SinglePrecision { get; init; }

    /// <summary>The name of the graph.</summary>
    public string Name { get; init; } = "function";
}
