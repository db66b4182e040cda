// Records a small network and writes what its tape looks like, to artifacts/tape or to the folder that is named: open tape.html there.
using AutoDiff;
using Pictures;

string folder = args.Length > 0 ? args[0] : Path.Combine("artifacts", "tape");
using var tape = new Tape<double>();
var network = new Network(tape, width: 16, blocks: 5);
Tensor<double> x = (Tensor.Range<double>(8 * 16) * 0.37).Sin().Reshape(8, 16);
Tensor<double> loss = network.Loss(tape.Variable(x), x.Flip(0));

Directory.CreateDirectory(folder);
File.WriteAllText(Path.Combine(folder, "tape.html"), tape.ToHtml(loss, "A small transformer"));
File.WriteAllText(Path.Combine(folder, "tape.txt"), tape.ToText(loss));
File.WriteAllText(Path.Combine(folder, "tape.mmd"), tape.ToMermaid(loss));
File.WriteAllText(Path.Combine(folder, "tape.dot"), tape.ToDot(loss));

Console.WriteLine(tape.Explain());
Console.Write(tape.FindNonFinite(loss));
Console.Write(tape.FindKinks(loss));
