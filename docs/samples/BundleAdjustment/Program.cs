using AutoDiff.Optimization;
using AutoDiff;
using Samples;

// Bundle adjustment: from where points appear in pictures, find the points and the cameras, all at once. Each residual sees one camera and one point, so the Jacobian is sparse.
Terminal.Heading("Bundle adjustment with sparse Levenberg-Marquardt");
const int cameras = 6, points = 60;
RandomKey key = new(11);
int draws = 0;
Tensor<double> Noise(double size, params int[] shape) => size * ((2 * key.Derive(draws++).Uniform(shape)) - 1);

// Every camera sees two points of three, and every point is seen by four cameras of six.
(int Camera, int Point)[] seen = [.. Enumerable.Range(0, cameras * points).Select(k => (k / points, k % points)).Where(pair => (pair.Item1 + pair.Item2) % 3 != 0)];
int[] cameraOf = [.. seen.Select(pair => pair.Camera)];
int[] pointOf = [.. seen.Select(pair => pair.Point)];

// The pictures [n, 2] of points [n, 3] by cameras [n, 6]: a rotation (angle times axis, by Rodrigues' formula), a shift, and a division by the depth.
static Tensor<double> Project(Tensor<double> camera, Tensor<double> point)
{
    Tensor<double> rotation = camera[.., ..3];
    Tensor<double> squared = rotation.Square().Sum(1, keepDims: true) + 1e-30;
    Tensor<double> angle = squared.Sqrt();
    (Tensor<double> a, Tensor<double> b) = (angle.Sin() / angle, (1 - angle.Cos()) / squared);
    Tensor<double> once = rotation.Cross(point);
    Tensor<double> moved = point + (a * once) + (b * rotation.Cross(once)) + camera[.., 3..];
    return moved[.., ..2] / moved[.., 2..];
}

Tensor<double> places = (0.15 * Tensor.Range(cameras)) - 0.4, depths = 6 + Noise(0.5, cameras);
Tensor<double> trueCameras = Tensor.Concat([Tensor.Stack([Noise(0.2, cameras), places], 1), Noise(0.2, cameras, 1), Noise(0.5, cameras, 2), depths.ExpandDims(1)], 1);
Tensor<double> truePoints = Noise(2, points, 3);
const double pixel = 1e-3;
Tensor<double> exact = Project(trueCameras.Take(cameraOf), truePoints.Take(pointOf));
Tensor<double> pictures = exact + Noise(pixel, [.. exact.Shape]);

Tensor<double> Residuals(Parameters<double> p) => (Project(p["cameras"].Take(cameraOf), p["points"].Take(pointOf)) - pictures).Flatten();

var start = new Parameters<double>(("cameras", trueCameras + Noise(0.1, cameras, 6)), ("points", truePoints + Noise(0.5, points, 3)));

var sparse = new SparseJacobian<double>(flat => Residuals(start.Unflatten(flat)));
SparseMatrix<double> jacobian = sparse.Evaluate(start.Flatten());
long elements = (long)jacobian.Pattern.Rows * jacobian.Pattern.Columns;
Terminal.Line($"{seen.Length} pictures of {points} points by {cameras} cameras: a Jacobian of {jacobian.Pattern.Rows} x {jacobian.Pattern.Columns}, {(double)jacobian.Pattern.Count / elements:P1} of it not zero, "
    + $"found with {sparse.Colors} sweeps.");

var rows = new List<string[]>();
var progress = new Report<OptimizationProgress>(report => rows.Add([$"{report.Iteration}", $"{Math.Sqrt(2 * report.Value / jacobian.Pattern.Rows):0.000000}"]));
var method = new LevenbergMarquardt<double> { Sparse = true, Stopping = new() { GradientTolerance = 1e-6, ValueTolerance = 1e-9, MaxIterations = 60 } };
OptimizationResult<Parameters<double>> result = method.Minimize(Residuals, start, progress);
Terminal.Table(["iteration", "root mean square residual"], rows);
Terminal.Line($"{result.Reason}");

double spread = Math.Sqrt(2 * result.Value / jacobian.Pattern.Rows);
Terminal.Check($"the Jacobian's coloring needs {sparse.Colors} sweeps, not {Math.Min(jacobian.Pattern.Rows, jacobian.Pattern.Columns)}", sparse.Colors < 40);
Terminal.Check("a tolerance was met", result.Converged);
Terminal.Check($"the residuals are those of the noise ({spread:0.00000} of {pixel / Math.Sqrt(3):0.00000})", spread < pixel / Math.Sqrt(3));

// Only what no shift, turn or scale of the whole scene changes can be found: ratios of distances.
Tensor<double> Distances(Tensor<double> x) => (x[1..] - x[..^1]).Square().Sum(1).Sqrt();
(Tensor<double> found, Tensor<double> right) = (Distances(result.Point["points"]), Distances(truePoints));
double error = ((found / found.Mean()) - (right / right.Mean())).Norm().ToScalar() / (right / right.Mean()).Norm().ToScalar();
Terminal.Check($"ratios of distances between points are right to 2 % ({error:P2})", error < 0.02);
return Terminal.Finish();
