using System.Globalization;
using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// Solves nonlinear programs by the Ipopt that is installed on the machine (Wächter and Biegler, "On the implementation of an interior-point filter line-search algorithm for large-scale nonlinear programming",
/// Mathematical Programming 106, 2006), with the gradient, the sparse Jacobian of the constraints and the sparse Hessian of the Lagrangian from the tape.
/// </summary>
/// <remarks>
/// It holds only settings, takes the programs of <see cref="InteriorPoint{T}"/>, and gives results of the same form. Ipopt writes nothing, and reads no file of options. What the functions of the program
/// throw, and what the receiver of progress throws, comes out of <see cref="Minimize"/>. Runs on several threads wait for one another, for the usual solver of Ipopt's linear systems (MUMPS) is not made for
/// threads.
/// </remarks>
/// <typeparam name="T">The element type.</typeparam>
public sealed class Ipopt<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How far from zero the conditions of a minimum may be, in the units of the scaled program (Ipopt's tol); never taken smaller than 30 roundings of the element type.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is not positive.</exception>
    public double Tolerance { get; init => field = Setting.Positive(value, nameof(Ipopt<>), nameof(Tolerance)); } = 1e-8;

    /// <summary>The largest number of steps (Ipopt's max_iter).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public int MaxIterations { get; init => field = Setting.AtLeast(0, value, nameof(Ipopt<>), nameof(MaxIterations)); } = 1000;

    /// <summary>
    /// Other options of Ipopt, by their names there: <c>Options = new Dictionary&lt;string, IpoptOption&gt; { ["mu_strategy"] = "adaptive", ["linear_solver"] = "ma57" }</c>. Where they name what is set here
    /// otherwise, they win: print_level is 0 and bound_relax_factor is 0, so that the functions are called at points between the bounds only.
    /// </summary>
    /// <exception cref="ArgumentNullException">The options are null.</exception>
    public IReadOnlyDictionary<string, IpoptOption> Options
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = new Dictionary<string, IpoptOption>();

    /// <summary>
    /// Whether objective, constraints and their derivatives are recorded once (<see cref="Differentiate.Compile{T}(Func{Tensor{T}[], Tensor{T}[]}, Tensor{T}[], CompileOptions, CancellationToken)"/>) and run from the record: the same
    /// numbers, sooner where there are many steps. What the functions capture then stays what it was. False by default.
    /// </summary>
    public bool Compiled { get; init; }

    /// <summary>Solves a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="start">Where to start, of any shape. It need not satisfy the constraints; where it is outside the bounds on x, or on them, it is moved inside.</param>
    /// <param name="progress">Told about every iteration.</param>
    /// <param name="cancellationToken">Looked at after every iteration, and while derivatives are computed.</param>
    /// <returns>The point with its multipliers, and how the run ended.</returns>
    /// <exception cref="ArgumentNullException">The program or the start is null.</exception>
    /// <exception cref="ArgumentException">A lower bound is above its upper bound, a constraint has no bounds, or too many, or Ipopt does not take an option.</exception>
    /// <exception cref="TensorShapeException">The objective returns more than one number, a bound does not broadcast, or a constraint changes its shape.</exception>
    /// <exception cref="InvalidOperationException">A function returns null.</exception>
    /// <exception cref="IpoptException">Ipopt is not installed, or ends with an error of its own.</exception>
    public NonlinearProgramResult<T> Minimize(NonlinearProgram<T> program, Tensor<T> start, IProgress<NonlinearProgramProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(start);
        IpoptLibrary.Load();
        double tolerance = Math.Max(Tolerance, 30 * Problem<T>.Rounding);
        var functions = new ProgramFunctions<T>(nameof(Ipopt<>), program, start, Compiled, cancellationToken);
        var report = new ProgramReport<T>(functions, tolerance);
        if (functions.IsFixed)
        {
            return report.OfFixed();
        }

        var run = new IpoptRun(functions, progress, cancellationToken);
        IReadOnlyList<KeyValuePair<string, IpoptOption>> options =
        [
            new("print_level", 0), new("sb", "yes"), new("option_file_name", ""), new("bound_relax_factor", 0.0), new("tol", tolerance), new("max_iter", MaxIterations), .. Options,
        ];
        var code = (IpoptReturn)run.Solve(options);
        (NonlinearProgramStatus status, string? message) = run.Canceled ? (NonlinearProgramStatus.Canceled, null) : Meaning(code);
        return report.Make(status, run.Iterations, Inside(functions, run.X), run.Multipliers, run.LowerMultipliers, run.UpperMultipliers, message);
    }

    /// <summary>The point as the result gives it: between the bounds, where an option let Ipopt leave them.</summary>
    private static double[] Inside(ProgramFunctions<T> functions, double[] x) => [.. x.Select((value, i) => Math.Clamp(value, functions.Lower[i], functions.Upper[i]))];

    private static (NonlinearProgramStatus Status, string? Message) Meaning(IpoptReturn code) => code switch
    {
        IpoptReturn.SolveSucceeded => (NonlinearProgramStatus.Optimal, null),
        IpoptReturn.FeasiblePointFound => (NonlinearProgramStatus.Optimal, "The constraints have one solution, at which the objective has no say."),
        IpoptReturn.SolvedToAcceptableLevel =>
            (NonlinearProgramStatus.Acceptable, "A local minimum, to Ipopt's acceptable tolerance. To come nearer, scale variables and constraints to similar sizes."),
        IpoptReturn.InfeasibleProblemDetected => (NonlinearProgramStatus.Infeasible, null),
        IpoptReturn.DivergingIterates => (NonlinearProgramStatus.Unbounded, null),
        IpoptReturn.MaximumIterationsExceeded => (NonlinearProgramStatus.IterationLimit, null),
        IpoptReturn.MaximumCpuTimeExceeded or IpoptReturn.MaximumWallTimeExceeded =>
            (NonlinearProgramStatus.IterationLimit, "The time that an option gives Ipopt was over. To go on, start from this point, or give it more."),
        IpoptReturn.InvalidNumberDetected => (NonlinearProgramStatus.NotFinite, null),
        IpoptReturn.SearchDirectionBecomesTooSmall => (NonlinearProgramStatus.NoProgress, null),
        IpoptReturn.RestorationFailed =>
            (NonlinearProgramStatus.NoProgress, "Ipopt's restoration phase found no point that lowers the violation of the constraints. To go on, start elsewhere, or scale the constraints."),
        IpoptReturn.ErrorInStepComputation => (NonlinearProgramStatus.NoProgress, "Ipopt could not compute a step. To go on, start elsewhere, or scale variables and constraints to similar sizes."),
        IpoptReturn.NotEnoughDegreesOfFreedom =>
            (NonlinearProgramStatus.NoProgress, "There are more equations than variables, which Ipopt does not take. To go on, leave out equations that follow from others, or take InteriorPoint."),
        IpoptReturn.UserRequestedStop => (NonlinearProgramStatus.Canceled, null),
        _ => throw new IpoptException(string.Create(CultureInfo.InvariantCulture, $"Ipopt: it ended with {code} ({(int)code}). Expected a solution, or a reason why there is none. ")
            + "To fix it, check the options, above all linear_solver, which names what Ipopt has to be built with."),
    };
}
