using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AutoDiff.GradBench;

/// <summary>GradBench's protocol: a message of JSON on each line of the input, and for each an answer with its number on a line of the output.</summary>
internal static class Protocol
{
    public static void Answer(TextReader input, TextWriter output)
    {
        while (input.ReadLine() is { } line)
        {
            using JsonDocument message = JsonDocument.Parse(line);
            JsonObject answer = Answer(message.RootElement);
            answer["id"] = message.RootElement.GetProperty("id").GetInt64();
            output.WriteLine(answer.ToJsonString());
            output.Flush();
        }
    }

    private static JsonObject Answer(JsonElement message) => message.GetProperty("kind").GetString() switch
    {
        "start" => new JsonObject { ["tool"] = "AutoDiff" },
        "define" => new JsonObject { ["success"] = Evaluations.Has(message.GetProperty("module").GetString()!) },
        "evaluate" => Evaluate(message),
        _ => [],
    };

    private static JsonObject Evaluate(JsonElement message)
    {
        try
        {
            JsonElement input = message.GetProperty("input");
            bool repeats = input.ValueKind == JsonValueKind.Object;
            int minRuns = repeats && input.TryGetProperty("min_runs", out JsonElement runs) ? runs.GetInt32() : 1;
            double minSeconds = repeats && input.TryGetProperty("min_seconds", out JsonElement seconds) ? seconds.GetDouble() : 0;
            Run run = Evaluations.Prepare(message.GetProperty("module").GetString()!, message.GetProperty("function").GetString()!, input);
            var timings = new JsonArray();
            Func<JsonNode> result;
            TimeSpan total = TimeSpan.Zero;
            do
            {
                long start = Stopwatch.GetTimestamp();
                result = run();
                TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
                total += elapsed;
                timings.Add((JsonNode)new JsonObject { ["name"] = "evaluate", ["nanoseconds"] = (long)elapsed.TotalNanoseconds });
            }
            while (timings.Count < minRuns || total.TotalSeconds < minSeconds);

            return new JsonObject { ["success"] = true, ["output"] = result(), ["timings"] = timings };
        }
        catch (Exception e) when (e is KeyNotFoundException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return new JsonObject { ["success"] = false, ["error"] = e.Message };
        }
    }
}
