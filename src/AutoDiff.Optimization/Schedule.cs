namespace AutoDiff.Optimization;

/// <summary>The learning rate at each step. A plain number is a constant schedule.</summary>
public sealed class Schedule
{
    private readonly Func<int, double> rate;

    /// <summary>A schedule by a formula.</summary>
    /// <param name="rate">The rate at step 0, 1, 2, ...</param>
    public Schedule(Func<int, double> rate)
    {
        ArgumentNullException.ThrowIfNull(rate);
        this.rate = rate;
    }

    /// <summary>The rate at a step.</summary>
    /// <param name="step">The step, from 0.</param>
    public double At(int step) => rate(step);

    /// <summary>The same rate at every step.</summary>
    /// <param name="rate">The rate.</param>
    public static Schedule Constant(double rate) => new(_ => rate);

    /// <summary>A rate that is multiplied by a factor every so many steps.</summary>
    /// <param name="rate">The rate at first.</param>
    /// <param name="every">After how many steps it is multiplied.</param>
    /// <param name="factor">By what.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is not positive.</exception>
    public static Schedule Step(double rate, int every, double factor = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(every);
        return new(step => rate * Math.Pow(factor, step / every));
    }

    /// <summary>Half a cosine wave from one rate down to another (Loshchilov and Hutter, "SGDR", 2017, eq. 5), which then stays.</summary>
    /// <param name="rate">The rate at step 0.</param>
    /// <param name="steps">After how many steps the last rate is reached.</param>
    /// <param name="last">The last rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is not positive.</exception>
    public static Schedule Cosine(double rate, int steps, double last = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        return new(step => last + (0.5 * (rate - last) * (1 + Math.Cos(Math.PI * Math.Min(step, steps) / steps))));
    }

    /// <summary>This schedule after a warm-up: the rate rises in a straight line to its first value over some steps, then the schedule begins.</summary>
    /// <param name="steps">The number of steps of the warm-up.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is negative.</exception>
    public Schedule AfterWarmup(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        return new(step => step < steps ? At(0) * (step + 1) / steps : At(step - steps));
    }

    /// <summary>A constant schedule.</summary>
    /// <param name="rate">The rate.</param>
    public static implicit operator Schedule(double rate) => Constant(rate);
}
