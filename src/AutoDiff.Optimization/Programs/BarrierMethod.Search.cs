namespace AutoDiff.Optimization;

/// <content>The line search, and the way back to the constraints where it finds nothing.</content>
internal sealed partial class BarrierMethod
{
    private const double ViolationPart = 1e-5;
    private const double ValuePart = 1e-8;
    private const double Armijo = 1e-8;
    private const double PowerOfSlope = 2.3;
    private const double PowerOfViolation = 1.1;
    private const double Shortest = 0.05;
    private const int Corrections = 4;
    private const int Rescues = 5;

    /// <summary>Goes along a step as far as the filter lets it (algorithm A, steps 5 and 6). False where no part of the step will do.</summary>
    private bool Search(double[] step, double[] gradient)
    {
        Span<double> dx = step.AsSpan(0, problem.Variables);
        double slope = Vectors.Dot(gradient, dx);
        double value = BarrierValue(point);
        double largest = LargestStep(dx);
        if (IsTiny(dx))
        {
            // Nothing can be measured along so short a step; it is what Newton's method wants.
            tinySteps++;
            var tiny = new BarrierPoint(problem, Along(dx, largest));
            if (tiny.Differentiate())
            {
                Take(tiny, step, largest);
                return true;
            }

            return false;
        }

        tinySteps = 0;
        double shortest = ShortestStep(slope, point.Violation);
        for (double part = largest; part >= shortest || part == largest; part /= 2)
        {
            var trial = new BarrierPoint(problem, Along(dx, part));
            if (Accepts(trial, part, slope, value, out bool byValue) && trial.Differentiate())
            {
                if (!byValue)
                {
                    AddToFilter(value);
                }

                Take(trial, step, part);
                return true;
            }

            if (part == largest && trial.IsFinite && trial.Violation >= point.Violation && Correct(trial, gradient, slope, value, part))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Second-order corrections: the residuals at the end of the step are taken into account as well (section 2.4).</summary>
    private bool Correct(BarrierPoint trial, double[] gradient, double slope, double value, double part)
    {
        double[] residuals = Vectors.Scale(part, point.Residuals);
        double violation = point.Violation;
        for (int repeat = 0; repeat < Corrections; repeat++)
        {
            Vectors.AddTo(residuals, 1, trial.Residuals);
            double[] step = Direction(gradient, residuals, out bool solved);
            if (!solved)
            {
                return false;
            }

            Span<double> dx = step.AsSpan(0, problem.Variables);
            double largest = LargestStep(dx);
            trial = new BarrierPoint(problem, Along(dx, largest));
            if (Accepts(trial, part, slope, value, out bool byValue) && trial.Differentiate())
            {
                if (!byValue)
                {
                    AddToFilter(value);
                }

                Take(trial, step, largest);
                return true;
            }

            if (!trial.IsFinite || !(trial.Violation <= 0.99 * violation))
            {
                return false;
            }

            violation = trial.Violation;
            residuals = Vectors.Scale(largest, residuals);
        }

        return false;
    }

    private void AddToFilter(double value) => filter.Add((1 - ViolationPart) * point.Violation, value - (ValuePart * point.Violation));

    /// <summary>Whether a point is better enough (equations 18 to 20), and whether that is so by the value alone, so that the filter need not grow.</summary>
    private bool Accepts(BarrierPoint trial, double part, double slope, double value, out bool byValue)
    {
        byValue = false;
        if (!trial.IsFinite)
        {
            return false;
        }

        double trialValue = BarrierValue(trial);
        double noise = 10 * problem.Rounding * Math.Abs(value);
        if (!filter.Accepts(trial.Violation, trialValue - noise))
        {
            return false;
        }

        bool switches = slope < 0 && part * Math.Pow(-slope, PowerOfSlope) > Math.Pow(point.Violation, PowerOfViolation);
        if (switches && point.Violation <= 1e-4 * firstViolation)
        {
            byValue = trialValue <= value + (Armijo * part * slope) + noise;
            return byValue;
        }

        bool lower = trialValue <= value + (Armijo * part * slope) + noise;
        byValue = switches && lower;
        return trial.Violation <= (1 - ViolationPart) * point.Violation || trialValue <= value - (ValuePart * point.Violation) + noise;
    }

    /// <summary>The shortest part of a step that is tried (equation 23).</summary>
    private double ShortestStep(double slope, double violation)
    {
        double part = ViolationPart;
        if (slope < 0)
        {
            part = Math.Min(part, ValuePart * violation / -slope);
            if (violation <= 1e-4 * firstViolation)
            {
                part = Math.Min(part, Math.Pow(violation, PowerOfViolation) / Math.Pow(-slope, PowerOfSlope));
            }
        }

        return Math.Max(Shortest * part, 1e-12);
    }

    private bool IsTiny(ReadOnlySpan<double> dx)
    {
        double largest = 0;
        for (int i = 0; i < dx.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(dx[i]) / (1 + Math.Abs(point.X[i])));
        }

        return largest < 10 * problem.Rounding && Vectors.Largest(point.Residuals) < 1e-4;
    }

    private double[] Along(ReadOnlySpan<double> dx, double part)
    {
        double[] x = Vectors.Add(point.X, part, dx);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = Math.Clamp(x[i], problem.Lower[i], problem.Upper[i]);
        }

        return x;
    }

    /// <summary>The part of a step that goes no more than most of the way to a bound (equation 15).</summary>
    private double LargestStep(ReadOnlySpan<double> dx)
    {
        double part = 1;
        for (int i = 0; i < dx.Length; i++)
        {
            double room = dx[i] < 0 ? point.FromLower(i) : point.FromUpper(i);
            part = dx[i] != 0 && double.IsFinite(room) ? Math.Min(part, Tau * room / Math.Abs(dx[i])) : part;
        }

        return part;
    }

    /// <summary>Goes to a point, with the multipliers of bounds as far as they stay positive, and not too far from what the barrier says (equation 16).</summary>
    private void Take(BarrierPoint next, double[] step, double part)
    {
        int n = problem.Variables;
        var (ofLower, ofUpper) = (new double[n], new double[n]);
        double dual = 1;
        for (int i = 0; i < n; i++)
        {
            if (!double.IsInfinity(problem.Lower[i]))
            {
                double room = point.FromLower(i);
                ofLower[i] = (barrier / room) - lower[i] - (lower[i] / room * step[i]);
                dual = ofLower[i] < 0 ? Math.Min(dual, -Tau * lower[i] / ofLower[i]) : dual;
            }

            if (!double.IsInfinity(problem.Upper[i]))
            {
                double room = point.FromUpper(i);
                ofUpper[i] = (barrier / room) - upper[i] + (upper[i] / room * step[i]);
                dual = ofUpper[i] < 0 ? Math.Min(dual, -Tau * upper[i] / ofUpper[i]) : dual;
            }
        }

        Vectors.AddTo(multipliers, part, step.AsSpan(n));
        Vectors.AddTo(lower, dual, ofLower);
        Vectors.AddTo(upper, dual, ofUpper);
        (point, stepLength) = (next, part);
        KeepMultipliersInRange();
    }

    private void KeepMultipliersInRange()
    {
        for (int i = 0; i < lower.Length; i++)
        {
            lower[i] = double.IsInfinity(problem.Lower[i]) ? 0 : InRange(lower[i], barrier / point.FromLower(i));
            upper[i] = double.IsInfinity(problem.Upper[i]) ? 0 : InRange(upper[i], barrier / point.FromUpper(i));
        }

        static double InRange(double z, double central) => Math.Max(Math.Min(z, BoundMultiplierRange * central), central / BoundMultiplierRange);
    }

    /// <summary>Reduces the violation of the constraints alone until the filter accepts the point; null to go on from there.</summary>
    private NonlinearProgramStatus? Restore(double error)
    {
        if (curvature is null)
        {
            return End(error);
        }

        bool almost = Vectors.Largest(point.Residuals) <= watch.Tolerance;
        if (almost || multipliers.Length == 0)
        {
            // The constraints hold, and there is nothing to restore. With a smaller barrier, or without what the filter remembers, there may be a way.
            if (rescues++ < Rescues && error > watch.Tolerance)
            {
                if (barrier > smallestBarrier)
                {
                    LowerBarrier();
                }
                else
                {
                    EstimateMultipliers();
                    Restart();
                }

                return null;
            }

            return End(error);
        }

        AddToFilter(BarrierValue(point));
        double before = point.Violation;
        double start = Math.Max(barrier, Vectors.Largest(point.Residuals));
        var program = new Restoration(problem, curvature, point.X);
        BarrierPoint? found = null;
        var method = new BarrierMethod(program, watch, program.Start(point.X, point.Residuals, start), start, null, w =>
        {
            var trial = new BarrierPoint(problem, program.Point(w));
            found = trial;
            return trial.IsFinite && trial.Violation <= 0.9 * before && filter.Accepts(trial.Violation, BarrierValue(trial)) && trial.Differentiate();
        });
        method.StartFrom(lower, upper);
        NonlinearProgramStatus status = method.Run();
        found ??= new BarrierPoint(problem, program.Point(method.X));
        if (!method.Left)
        {
            if (!found.Differentiate())
            {
                return status is NonlinearProgramStatus.Canceled or NonlinearProgramStatus.IterationLimit ? status : NonlinearProgramStatus.NotFinite;
            }

            bool feasible = problem.IsFeasible(found.Residuals, found.Jacobian, found.X);
            if (status is NonlinearProgramStatus.Canceled or NonlinearProgramStatus.IterationLimit or NonlinearProgramStatus.Unbounded || !feasible || rescues++ >= Rescues)
            {
                point = found;
                return status is NonlinearProgramStatus.Optimal or NonlinearProgramStatus.Acceptable
                    ? feasible ? NonlinearProgramStatus.NoProgress : NonlinearProgramStatus.Infeasible
                    : status == NonlinearProgramStatus.NoProgress && method.Error <= 1e-4 && !feasible ? NonlinearProgramStatus.Infeasible
                    : status;
            }

            filter.Clear();
        }

        point = found;
        Array.Copy(method.lower, lower, lower.Length);
        Array.Copy(method.upper, upper, upper.Length);
        if (Math.Max(Vectors.Largest(lower), Vectors.Largest(upper)) > LargestMultiplier)
        {
            for (int i = 0; i < lower.Length; i++)
            {
                lower[i] = double.IsInfinity(problem.Lower[i]) ? 0 : 1;
                upper[i] = double.IsInfinity(problem.Upper[i]) ? 0 : 1;
            }
        }

        KeepMultipliersInRange();
        EstimateMultipliers();
        return null;
    }
}
