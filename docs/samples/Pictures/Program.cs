// Draws the pictures of the documents into artifacts/pictures, or into the folder that is named (with a word those whose name contains it), and records a small network whose tape it writes as a page, as text, and as graphs.
using System.Diagnostics;
using AutoDiff;
using Pictures;
using Pictures.Gallery;

string folder = args.Length > 0 ? args[0] : Path.Combine("artifacts", "pictures");
Directory.CreateDirectory(folder);
(string Name, Func<string> Draw)[] pictures =
[
    ("rows-and-columns", RowsAndColumns.Draw), ("coloring", Coloring.Draw), ("two-spirals", TwoSpirals.Draw), ("logistic-regression", Logistic.Draw), ("predators-and-prey", PredatorsAndPrey.Draw),
    ("inverse-kinematics", Arm.Draw), ("bundle-adjustment", BundlePattern.Draw), ("greeks", Greeks.Draw), ("asian-option", AsianOption.Draw), ("swaptions", Swaptions.Draw), ("eight-schools", EightSchools.Draw),
    ("character-network", Characters.Draw), ("data-parallel", Ranks.Draw), ("costs", Costs.Draw),
];
string word = args.Length > 1 ? args[1] : "";
foreach ((string name, Func<string> draw) in pictures.Where(picture => picture.Name.Contains(word, StringComparison.Ordinal)))
{
    var clock = Stopwatch.StartNew();
    string picture = draw();
    File.WriteAllText(Path.Combine(folder, name + ".svg"), picture);
    Console.WriteLine($"{name,-22} {picture.Length / 1024,5} kB {clock.Elapsed.TotalSeconds,6:0.0} s");
}

string tapes = Path.Combine("artifacts", "tape");
Directory.CreateDirectory(tapes);
using var tape = new Tape<double>();
var network = new Transformer(tape, width: 16, blocks: 5);
Tensor<double> x = (Tensor.Range<double>(8 * 16) * 0.37).Sin().Reshape(8, 16);
Tensor<double> loss = network.Loss(tape.Variable(x), x.Flip(0));
File.WriteAllText(Path.Combine(tapes, "tape.html"), tape.ToHtml(loss, "A small transformer"));
File.WriteAllText(Path.Combine(tapes, "tape.txt"), tape.ToText(loss));
File.WriteAllText(Path.Combine(tapes, "tape.mmd"), tape.ToMermaid(loss));
File.WriteAllText(Path.Combine(tapes, "tape.dot"), tape.ToDot(loss));
Console.WriteLine(tape.Explain());
Console.Write(tape.FindNonFinite(loss));
Console.Write(tape.FindKinks(loss));
