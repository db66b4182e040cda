namespace AutoDiff;

// The tape as pictures.
public sealed partial class Tape<T>
{
    /// <summary>The tape as text: one line for each operation, indented by scopes, with shapes and costs.</summary>
    /// <param name="y">If given, only the operations that it depends on, itself included.</param>
    /// <param name="maxNodes">Beyond so many operations the middle is left out, and one line says how many that were.</param>
    /// <exception cref="ArgumentOutOfRangeException">maxNodes is below 3.</exception>
    /// <exception cref="TapeException">y is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public string ToText(Tensor<T>? y = null, int maxNodes = 1000) => TextPicture.Write(Graph(y, maxNodes, nameof(ToText)));

    /// <summary>The tape as a Mermaid flowchart, with scopes as subgraphs, for Markdown pages that draw Mermaid.</summary>
    /// <param name="y">If given, only the operations that it depends on, itself included.</param>
    /// <param name="maxNodes">Beyond so many operations the middle is left out, and one node says how many that were. Mermaid itself draws 500 edges unless it is told otherwise.</param>
    /// <exception cref="ArgumentOutOfRangeException">maxNodes is below 3.</exception>
    /// <exception cref="TapeException">y is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public string ToMermaid(Tensor<T>? y = null, int maxNodes = 200) => MermaidPicture.Write(Graph(y, maxNodes, nameof(ToMermaid)));

    /// <summary>The tape in the language of Graphviz, with scopes as clusters.</summary>
    /// <param name="y">If given, only the operations that it depends on, itself included.</param>
    /// <param name="maxNodes">Beyond so many operations the middle is left out, and one node says how many that were.</param>
    /// <exception cref="ArgumentOutOfRangeException">maxNodes is below 3.</exception>
    /// <exception cref="TapeException">y is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public string ToDot(Tensor<T>? y = null, int maxNodes = 1000) => DotPicture.Write(Graph(y, maxNodes, nameof(ToDot)));

    /// <summary>
    /// The tape as one HTML page that needs no other file: a drawing to move and magnify that tells shape, cost, scope, source line and values of each operation, beside the tables of <see cref="Explain"/>.
    /// Values that are NaN or infinite are marked. Light and dark follow the reader's settings.
    /// </summary>
    /// <param name="y">If given, only the operations that it depends on, itself included. The tables are of the whole tape.</param>
    /// <param name="title">The title of the page.</param>
    /// <param name="maxNodes">Beyond so many operations the middle is left out, and one node says how many that were.</param>
    /// <exception cref="ArgumentNullException">The title is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">maxNodes is below 3.</exception>
    /// <exception cref="TapeException">y is not recorded on this tape, or this is not the tape's thread.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public string ToHtml(Tensor<T>? y = null, string title = "Tape", int maxNodes = 1000) =>
        HtmlPicture.Write(Graph(y, maxNodes, nameof(ToHtml)), Explain(), Errors.NotNull(title, nameof(ToHtml), nameof(title)));

    private TapeGraph Graph(Tensor<T>? y, int maxNodes, string operation)
    {
        CheckReadable(y, operation);
        if (maxNodes < 3)
        {
            throw Errors.OutOfRange(operation, nameof(maxNodes), $"maxNodes is {maxNodes}", "3 or more", "allow more nodes");
        }

        return TapeGraph.Of(Root, y, maxNodes);
    }
}
