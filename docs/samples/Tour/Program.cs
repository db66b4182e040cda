using Samples;
using Tour;

// The tour takes one optional argument: the file that the page with the plots is written to.
string page = args.Length > 0 ? args[0] : Path.Combine("artifacts", "tour.html");

Calculus.Show();
SparseAndImplicit.Show();
LeastSquares.Show();
Spirals.Show(Path.GetFullPath(page));
return Terminal.Finish();
