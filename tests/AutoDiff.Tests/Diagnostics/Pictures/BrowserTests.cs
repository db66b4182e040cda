using System.Diagnostics;
using System.Text.RegularExpressions;

namespace AutoDiff.Tests.Diagnostics.Pictures;

/// <summary>A test that needs a browser: where there is none, it is reported as skipped, with what to install.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = new BrowserFactAttribute().Skip;
}

/// <summary>A test that needs a browser: where there is none, it is reported as skipped, with what to install.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public const string Browser = "/usr/bin/chromium";

    public BrowserFactAttribute()
    {
        if (!File.Exists(Browser))
        {
            Skip = $"There is no browser at {Browser}. On Debian, install the package chromium to run this test.";
        }
    }
}

/// <summary>The page of a tape in a real browser, without a window.</summary>
public class BrowserTests
{
    [BrowserFact]
    public async Task The_page_of_two_hundred_operations_runs_without_errors()
    {
        using Tape<double> tape = Network(out Tensor<double> y);
        tape.Count.Should().BeGreaterThan(200);
        (string page, string log) = await Open(tape.ToHtml(y, "A network of 200 operations"));
        int folded = GraphBuilder<double>.Build(tape, y, 1000, new TapePictureOptions(), fold: true).Nodes.Count, whole = GraphBuilder<double>.Build(tape, y, 1000, new TapePictureOptions(), fold: false).Nodes.Count;
        page.Should().Contain($"data-ready=\"{folded}\"");
        Regex.Matches(page, "<g class=\"node [^>]* data-id=").Should().HaveCount(folded + whole);
        whole.Should().BeGreaterThanOrEqualTo(tape.Count);
        page.Should().Contain("id=\"map\"");
        log.Should().NotContain("CONSOLE");
    }

    [BrowserFact]
    public async Task Hostile_names_run_no_script()
    {
        const string hostile = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\"'&";
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(1.0);
        using (TapeScope.Enter(hostile))
        {
            _ = x.Sin();
        }

        // Pointing at the operation makes the script show the names.
        string html = tape.ToHtml(title: "plain").Replace("</body>", "<script>document.querySelector('[data-id=\"1\"]').dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));</script></body>", StringComparison.Ordinal);
        (string page, string log) = await Open(html);
        page.Should().Contain("<title>plain</title>").And.Contain("data-ready=\"2\"").And.NotContain("<img");
        Regex.Match(page, "<dt>scope</dt><dd>([^<]*)</dd>").Groups[1].Value.Should().StartWith("&lt;/script&gt;&lt;script&gt;");
        log.Should().NotContain("CONSOLE");
    }

    [BrowserFact]
    public async Task Repeats_open_and_close_again()
    {
        using Tape<double> tape = Network(out Tensor<double> y);
        string html = tape.ToHtml(y).Replace("</body>", "<script>const button = document.getElementById('unfold'); const seen = () => [...document.querySelectorAll('svg.drawing')].map(d => d.clientHeight > 0);"
            + "const states = [seen()]; button.click(); states.push(seen()); button.click(); states.push(seen()); document.title = JSON.stringify(states);</script></body>", StringComparison.Ordinal);
        (string page, string log) = await Open(html);
        page.Should().Contain("<title>[[true,false],[false,true],[true,false]]</title>");
        log.Should().NotContain("CONSOLE");
    }

    [BrowserTheory]
    [InlineData(390)]
    [InlineData(820)]
    [InlineData(1400)]
    public async Task The_page_is_as_wide_as_the_window(int width)
    {
        // A browser without a window is no narrower than some 500 pixels; a frame in a page is as narrow as it is told.
        using Tape<double> tape = Network(out Tensor<double> y);
        string inner = System.Net.WebUtility.HtmlEncode(tape.ToHtml(y));
        (string page, string log) = await Open($"<iframe id=\"f\" style=\"width:{width}px;height:844px;border:0\" srcdoc=\"{inner}\" onload=\"const d = f.contentDocument;"
            + "document.title = [d.documentElement.scrollWidth <= f.clientWidth, d.querySelector('svg.drawing').clientWidth > 300, d.querySelector('svg.drawing').clientHeight > 300, d.getElementById('whole').getBoundingClientRect().right <= f.clientWidth].join(' ')\"></iframe>");
        page.Should().Contain("<title>true true true true</title>");
        log.Should().NotContain("CONSOLE");
    }

    [BrowserFact]
    public async Task An_error_of_a_page_would_be_noticed()
    {
        using Tape<double> tape = Network(out Tensor<double> y);
        (_, string log) = await Open(tape.ToHtml(y).Replace("  fit();\n", "  fit();\n  nonsense();\n", StringComparison.Ordinal));
        log.Should().Contain("CONSOLE").And.Contain("nonsense");
    }

    /// <summary>A network of many layers in nested scopes, with more than 200 operations.</summary>
    internal static Tape<double> Network(out Tensor<double> loss)
    {
        var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Ones<double>(4, 8));
        Tensor<double> state = x;
        for (int i = 0; i < 14; i++)
        {
            using (TapeScope.Enter($"block {i + 1}"))
            {
                Tensor<double> centered;
                using (TapeScope.Enter("normalize"))
                {
                    centered = state - state.Mean([-1], keepDims: true);
                    centered /= (centered.Square().Mean([-1], keepDims: true) + 1e-3).Sqrt();
                }

                using (TapeScope.Enter("dense"))
                {
                    state += centered.MatMul(tape.Variable(Tensor.Identity<double>(8))).Tanh() + tape.Variable(Tensor.Ones<double>(8));
                }
            }
        }

        loss = (state - x).Square().Mean();
        return tape;
    }

    /// <summary>Loads a page. Returns the document as the browser sees it after running, and what it logged.</summary>
    private static async Task<(string Page, string Log)> Open(string html)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("autodiff-page-");
        try
        {
            string file = Path.Combine(folder.FullName, "tape.html");
            await File.WriteAllTextAsync(file, html);
            var start = new ProcessStartInfo(BrowserFactAttribute.Browser) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (string argument in new[]
            {
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--enable-logging=stderr", $"--user-data-dir={Path.Combine(folder.FullName, "profile")}", "--window-size=1280,800", "--dump-dom", new Uri(file).AbsoluteUri,
            })
            {
                start.ArgumentList.Add(argument);
            }

            using Process browser = Process.Start(start)!;
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            Task<string> page = browser.StandardOutput.ReadToEndAsync(patience.Token);
            Task<string> log = browser.StandardError.ReadToEndAsync(patience.Token);
            try
            {
                await browser.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                browser.Kill(entireProcessTree: true);
                throw new TimeoutException("The browser did not finish in two minutes.");
            }

            return (await page, await log);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
