namespace AutoDiff;

// The tape as pictures.
public sealed partial class Tape<T>
{
    /// <summary>The tape as text: one line for each operation, indented by scopes, with shapes and costs.</summary>
    /// <param name="y">If given, only the operations that it depends on, itself included.</param>
    /// <param name="maxNodes">Beyond so many operations the middle is left out, and one line says how many that were.</param>
    /// <param name="options">Whether repeated chains are folded (they are not by default), and whether cotangents are shown.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ArgumentException">Cotangents are asked for, but no y is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">maxNodes is below 3.</exception>
    /// <exception cref="TapeException">y is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public string ToText(Tensor<T>? y = null, int maxNodes = 1000, TapePictureOptions? options = null)
    {
        options ??= TapePictureOptions.Default;
        var listed = new TapePictureOptions { Constants = false, StubsAbove = null, Cotangents = options.Cotangents };
        return TextPicture.Write(Graph(y, maxNodes, listed, options.FoldRepeats ?? false, nameof(ToText)));
    }

    /// <summary>The tape as a Mermaid flowchart, with scopes as subgraphs, for Markdown pages that draw Mermaid.</summary>
    /// <param name="y">If given, only the operations that it depends on, itself included.</param>
    /// <param name="maxNodes">Beyond so many operations the middle is left out, and one node says how many that were. Mermaid itself draws 500 edges unless it is told otherwise.</param>
    /// <param name="options">What is shown: constants, cotangents, repeated chains once, stubs.</param>
    /// <returns>The flowchart, as text.</returns>
    /// <exception cref="ArgumentException">Cotangents are asked for, but no y is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">maxNodes is below 3, or the number of uses above which stubs are drawn is below 1.</exception>
    /// <exception cref="TapeException">y is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public string ToMermaid(Tensor<T>? y = null, int maxNodes = 200, TapePictureOptions? options = null) => MermaidPicture.Write(Graph(y, maxNodes, options, null, nameof(ToMermaid)));

    /// <summary>The tape in the language of Graphviz, with scopes as clusters.</summary>
    /// <param name="y">If given, only the operations that it depends on, itself included.</param>
    /// <param name="maxNodes">Beyond so many operations the middle is left out, and one node says how many that were.</param>
    /// <param name="options">What is shown: constants, cotangents, repeated chains once, stubs.</param>
    /// <returns>The graph, as text.</returns>
    /// <exception cref="ArgumentException">Cotangents are asked for, but no y is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">maxNodes is below 3, or the number of uses above which stubs are drawn is below 1.</exception>
    /// <exception cref="TapeException">y is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public string ToDot(Tensor<T>? y = null, int maxNodes = 1000, TapePictureOptions? options = null) => DotPicture.Write(Graph(y, maxNodes, options, null, nameof(ToDot)));

    /// <summary>
    /// The tape as one HTML page that needs no other file: a drawing to move and magnify that tells shape, cost, scope, source line and values of each operation, beside the tables of <see cref="Explain"/>.
    /// Values that are NaN or infinite are marked. Chains that are repeated are drawn once; a click shows all of them. Light and dark follow the reader's settings.
    /// </summary>
    /// <param name="y">If given, only the operations that it depends on, itself included. The tables are of the whole tape.</param>
    /// <param name="title">The title of the page.</param>
    /// <param name="maxNodes">Beyond so many operations the middle is left out, and one node says how many that were.</param>
    /// <param name="options">What is shown: constants, cotangents, repeated chains once, stubs.</param>
    /// <returns>The page.</returns>
    /// <exception cref="ArgumentNullException">The title is null.</exception>
    /// <exception cref="ArgumentException">Cotangents are asked for, but no y is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">maxNodes is below 3, or the number of uses above which stubs are drawn is below 1.</exception>
    /// <exception cref="TapeException">y is not recorded on this tape, or this is not the tape's thread.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public string ToHtml(Tensor<T>? y = null, string title = "Tape", int maxNodes = 1000, TapePictureOptions? options = null)
    {
        Errors.NotNull(title, nameof(ToHtml), nameof(title));
        TapeGraph graph = Graph(y, maxNodes, options, null, nameof(ToHtml));
        TapeGraph? whole = graph.IsFolded ? Graph(y, maxNodes, options, fold: false, nameof(ToHtml)) : null;
        return HtmlPicture.Write(graph, whole, Explain(), title);
    }

    private TapeGraph Graph(Tensor<T>? y, int maxNodes, TapePictureOptions? options, bool? fold, string operation)
    {
        options ??= TapePictureOptions.Default;
        CheckReadable(y, operation);
        if (maxNodes < 3)
        {
            throw Errors.OutOfRange(operation, nameof(maxNodes), $"maxNodes is {maxNodes}", "3 or more", "allow more nodes");
        }

        if (options.StubsAbove < 1)
        {
            throw Errors.OutOfRange(operation, nameof(options), $"StubsAbove is {options.StubsAbove}", "1 or more, or null", "give the number of uses up to which edges are drawn");
        }

        if (options.Cotangents && y is null)
        {
            throw Errors.Argument(operation, nameof(options), "cotangents are asked for, but of no result", "a result y, from which the backward sweep starts", "give the result as y");
        }

        return GraphBuilder<T>.Build(Root, y, maxNodes, options, fold ?? options.FoldRepeats ?? true);
    }
}
