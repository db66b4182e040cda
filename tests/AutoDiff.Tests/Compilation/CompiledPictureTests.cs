using System.Globalization;
using System.Text.RegularExpressions;

namespace AutoDiff.Tests.Compilation;

/// <summary>The page of a compiled function: what runs together, and what shares memory.</summary>
public class CompiledPictureTests
{
    [Fact]
    public void Groups_and_shared_memory_are_shown()
    {
        Tensor<double> weights = Tensor.Identity<double>(64);
        CompiledFunction<double> f = Differentiate.Compile(x => x.MatMul(weights).Sin().Exp().MatMul(weights).Tanh().Square().MatMul(weights).Sum(), Tensor.Ones<double>(64, 64));
        string page = f.ToHtml("Three products");
        CompiledExplanation explanation = f.Explain();
        Regex.Matches(page, "<li class=\"group\">").Should().HaveCount(explanation.Groups).And.HaveCountGreaterThanOrEqualTo(2);
        page.Should().MatchRegex("<li class=\"group\"><code>Sin \\[64, 64\\]</code> <code class=\"kept\">Exp \\[64, 64\\]</code><small>step [0-9]+: one pass over 4,096 elements");

        // Values that share a place live one after the other, and values that live at the same time do not overlap.
        CompiledProgram<double> program = f.Programs[0];
        Value<double>[] kept = [.. program.Steps.SelectMany(step => step.Writes).Where(value => value.Offset >= 0)];
        Regex.Matches(page, "<rect ").Should().HaveCount(kept.Length);
        kept.GroupBy(value => value.Offset).Count(place => place.Count() > 1).Should().BePositive().And.Be(Regex.Count(page, "<tr><td>[0-9,]+ to"));

        // A box goes from the step that computes its value to the last one that reads it.
        double step = (560.0 - 18) / program.Steps.Length;
        double[] widths = [.. Regex.Matches(page, "<rect [^>]*width=\"([0-9.]+)\"").Select(box => double.Parse(box.Groups[1].Value, CultureInfo.InvariantCulture)).Order()];
        double[] lives = [.. kept.Select(value => (Math.Min(value.LastUse, program.Steps.Length - 1) - value.Position + 1) * step).Order()];
        widths.Should().Equal(lives, (width, life) => Math.Abs(width - life) < 0.01);
        lives.Distinct().Should().HaveCountGreaterThan(1);
        page.Should().NotContain("http:").And.NotContain("<script").And.Contain("prefers-color-scheme: dark").And.Contain("<title>Three products</title>");
    }

    [Fact]
    public void Any_program_has_a_page_and_names_stay_text()
    {
        const string hostile = "</title><script>alert(1)</script>{steps}";
        CompiledFunction<double> small = Differentiate.Compile(x => (x.Sin() * x + 2.0).Exp().Sum(), Tensor.Create([1.0, 2.0]));
        small.ToHtml(hostile).Should().NotContain("<script").And.Contain("&lt;script&gt;").And.Contain("<li class=\"list\">").And.Contain("Sin [2], steps 0 to 1, 0 to 16");
        Differentiate.Compile(x => x.Sin(), Tensor.Create([1.0, 2.0])).ToHtml().Should().Contain("no two values share a place").And.Contain("<b>1</b> recording</span>").And.Contain("<b>0</b> runs</span>");
        small.ToHtml(hostile).Should().Be(small.ToHtml(hostile));

        // Looks at values are steps, and what is called as it is says so.
        Differentiate.Compile(x => (x.Sum() > 0.0).ToScalar() == 1 ? x.Exp() : x, Tensor.Ones<double>(3)).ToHtml().Should().Contain("guard: 1 numbers of");
        using var tape = new Tape<double>();
        Differentiate.Compile(x => { using var own = new Tape<double>(); return own.Variable(x).Sin().Detach(); }, Tensor.Ones<double>(3)).ToHtml().Should().Contain("called as it is");
        ((Action)(() => small.ToHtml(null!))).Should().Throw<ArgumentNullException>().WithParameterName("title");
    }
}
