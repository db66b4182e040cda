using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace AutoDiff.Optimization;

/// <summary>
/// One run of Ipopt over the functions of a program. Ipopt calls back; what is thrown there does not pass through its frames but ends the run, and is thrown when Ipopt has returned. Ipopt takes the patterns
/// of Jacobian and Hessian once: where a program leaves them, because it took another branch, the run ends, and another one knows more.
/// </summary>
internal sealed unsafe class IpoptRun(ProgramFunctions functions, IProgress<NonlinearProgramProgress>? progress, CancellationToken cancellationToken)
{
    /// <summary>MUMPS, the usual solver of Ipopt's linear systems, is not made for several threads.</summary>
    private static readonly object Gate = new();

    private readonly ProgramFunctions functions = functions;
    private readonly IProgress<NonlinearProgramProgress>? progress = progress;
    private readonly CancellationToken cancellationToken = cancellationToken;
    private readonly EntryPattern jacobian = new();
    private readonly EntryPattern hessian = new();
    private ExceptionDispatchInfo? thrown;
    private bool ended;

    public double[] X { get; private set; } = [];

    public double[] Multipliers { get; } = new double[functions.ConstraintLower.Length];

    public double[] LowerMultipliers { get; } = new double[functions.Start.Length];

    public double[] UpperMultipliers { get; } = new double[functions.Start.Length];

    /// <summary>The number of steps taken.</summary>
    public int Iterations { get; private set; }

    /// <summary>Whether the caller asked to stop.</summary>
    public bool Canceled { get; private set; }

    /// <summary>Runs Ipopt.</summary>
    /// <param name="options">Its options, in the order in which they are set.</param>
    /// <returns>What Ipopt returned.</returns>
    public int Solve(IEnumerable<KeyValuePair<string, IpoptOption>> options)
    {
        while (!Monitor.TryEnter(Gate, 20))
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return Stopped();
            }
        }

        try
        {
            FindPatterns();
            while (true)
            {
                int code = SolveOnce(options);
                thrown?.Throw();
                if (Canceled || !(jacobian.HasGrown | hessian.HasGrown))
                {
                    return code;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Stopped();
        }
        finally
        {
            Monitor.Exit(Gate);
        }
    }

    private int Stopped()
    {
        Canceled = true;
        X = X.Length == 0 ? functions.StartInside() : X;
        return (int)IpoptReturn.UserRequestedStop;
    }

    private void FindPatterns()
    {
        double[] x = functions.StartInside();
        var ones = new double[Multipliers.Length];
        Array.Fill(ones, 1);
        jacobian.Add(functions.Jacobian(x));
        hessian.Add(functions.Hessian(x, 1, ones));
    }

    /// <summary>The start as it was given where it is between the bounds, and moved there where it is not: Ipopt calls the functions before it moves it itself.</summary>
    private double[] FirstPoint()
    {
        double[] x = functions.StartInside();
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = functions.Start[i] > functions.Lower[i] && functions.Start[i] < functions.Upper[i] ? functions.Start[i] : x[i];
        }

        return x;
    }

    private int SolveOnce(IEnumerable<KeyValuePair<string, IpoptOption>> options)
    {
        ended = false;
        jacobian.HasGrown = hessian.HasGrown = false;
        X = FirstPoint();
        fixed (double* lower = functions.Lower, upper = functions.Upper, constraintLower = functions.ConstraintLower, constraintUpper = functions.ConstraintUpper)
        fixed (double* x = X, y = Multipliers, z = LowerMultipliers, w = UpperMultipliers)
        {
            nint problem = IpoptFunctions.CreateIpoptProblem(X.Length, lower, upper, Multipliers.Length, constraintLower, constraintUpper, jacobian.Count, hessian.Count, 0,
                &Value, &Constraints, &Gradient, &Jacobian, &Hessian);
            if (problem == 0)
            {
                throw new IpoptException("Ipopt: it does not take the program. Expected a problem handle. To fix it, give it more memory.");
            }

            GCHandle<IpoptRun> self = new(this);
            try
            {
                foreach ((string name, IpoptOption option) in options)
                {
                    option.AddTo(problem, name);
                }

                _ = IpoptFunctions.SetIntermediateCallback(problem, &Iteration);
                return IpoptFunctions.IpoptSolve(problem, x, null, null, y, z, w, GCHandle<IpoptRun>.ToIntPtr(self));
            }
            finally
            {
                IpoptFunctions.FreeIpoptProblem(problem);
                self.Dispose();
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int Value(int n, double* x, byte isNew, double* value, nint run) => Answer(run, self =>
    {
        *value = self.functions.Value(Numbers(x, n));
        return double.IsFinite(*value);
    });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int Constraints(int n, double* x, byte isNew, int m, double* values, nint run) => Answer(run, self => Give(self.functions.Constraints(Numbers(x, n)), values, m));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int Gradient(int n, double* x, byte isNew, double* gradient, nint run) => Answer(run, self => Give(self.functions.Gradient(Numbers(x, n)), gradient, n));

    /// <summary>The pattern where no values are asked for, and the values otherwise.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int Jacobian(int n, double* x, byte isNew, int m, int count, int* rows, int* columns, double* values, nint run) => Answer(run, self => values == null
        ? self.jacobian.Give(new Span<int>(rows, count), new Span<int>(columns, count))
        : self.jacobian.Give(self.functions.Jacobian(Numbers(x, n)), new Span<double>(values, count)));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int Hessian(int n, double* x, byte isNew, double factor, int m, double* y, byte areNew, int count, int* rows, int* columns, double* values, nint run) =>
        Answer(run, self => values == null
            ? self.hessian.Give(new Span<int>(rows, count), new Span<int>(columns, count))
            : self.hessian.Give(self.functions.Hessian(Numbers(x, n), factor, Numbers(y, m)), new Span<double>(values, count)));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int Iteration(int mode, int iteration, double value, double infeasibility, double stationarity, double barrier, double step, double regularization, double dualPart, double part,
        int trials, nint run) =>
        Answer(run, self =>
        {
            self.Iterations = iteration;
            self.progress?.Report(new NonlinearProgramProgress
            {
                Iteration = iteration,
                Value = mode == 0 ? value : double.NaN,
                Infeasibility = infeasibility,
                Stationarity = stationarity,
                Barrier = barrier,
                Step = part,
                Regularization = regularization,
                Restoring = mode != 0,
            });
            self.Canceled |= self.cancellationToken.IsCancellationRequested;
            return !self.Canceled;
        });

    /// <summary>Answers a call: 1 where it could be answered, 0 where not, and from then on 0 where the run is to end.</summary>
    private static int Answer(nint run, Func<IpoptRun, bool> answer)
    {
        IpoptRun self = GCHandle<IpoptRun>.FromIntPtr(run).Target;
        if (self.ended)
        {
            return 0;
        }

        try
        {
            bool answered = answer(self);
            self.ended = self.Canceled | self.jacobian.HasGrown | self.hessian.HasGrown;
            return answered && !self.ended ? 1 : 0;
        }
        catch (OperationCanceledException) when (self.cancellationToken.IsCancellationRequested)
        {
            self.Canceled = self.ended = true;
        }
        catch (Exception exception)
        {
            self.thrown = ExceptionDispatchInfo.Capture(exception);
            self.ended = true;
        }

        return 0;
    }

    private static double[] Numbers(double* x, int count) => new ReadOnlySpan<double>(x, count).ToArray();

    private static bool Give(double[] numbers, double* target, int count)
    {
        numbers.CopyTo(new Span<double>(target, count));
        return double.IsFinite(Vectors.Largest(numbers));
    }
}
