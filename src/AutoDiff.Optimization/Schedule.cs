using System.Globalization;

namespace AutoDiff.Optimization;

/// <summary>The learning rate at each step. A plain number is a constant schedule.</summary>
public class Schedule
{
    private readonly Func<int, double> rate;

    /// <summary>A schedule by a formula.</summary>
    /// <param name="rate">The rate at step 0, 1, 2, ...</param>
    /// <exception cref="ArgumentNullException">rate is null.</exception>
    public Schedule(Func<int, double> rate)
    {
        ArgumentNullException.ThrowIfNull(rate);
        this.rate = rate;
    }

    // A schedule of a kind of its own, whose formula reads its state.
    private protected Schedule(Func<Schedule, int, double> rate) => this.rate = step => rate(this, step);

    /// <summary>The rate at a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <returns>The rate.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="InvalidOperationException">The formula returns a rate that is negative or not finite.</exception>
    public double RateAt(int step)
    {
        double at = rate(Setting.AtLeast(0, step, nameof(Schedule), nameof(step)));
        return at >= 0 && double.IsFinite(at) ? at
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Schedule: the rate at step {step} is {at}. Expected a finite number, 0 or more. To fix it, check the formula of the schedule."));
    }

    /// <summary>The same rate at every step.</summary>
    /// <param name="rate">The rate.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative or not finite.</exception>
    public static Schedule Constant(double rate)
    {
        Setting.NotNegative(rate, nameof(Schedule), nameof(rate));
        return new(_ => rate);
    }

    /// <summary>A rate that is multiplied by a factor every so many steps.</summary>
    /// <param name="rate">The rate at first.</param>
    /// <param name="every">After how many steps it is multiplied.</param>
    /// <param name="factor">By what.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is not positive, or the rate or the factor is negative or not finite.</exception>
    public static Schedule Step(double rate, int every, double factor = 0.1)
    {
        Setting.NotNegative(rate, nameof(Schedule), nameof(rate));
        Setting.AtLeast(1, every, nameof(Schedule), nameof(every));
        Setting.NotNegative(factor, nameof(Schedule), nameof(factor));
        return new(step => rate * Math.Pow(factor, step / every));
    }

    /// <summary>Half a cosine wave from one rate down to another (Loshchilov and Hutter, "SGDR", 2017, eq. 5), which then stays.</summary>
    /// <param name="rate">The rate at step 0.</param>
    /// <param name="steps">After how many steps the last rate is reached.</param>
    /// <param name="last">The last rate.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is not positive, or a rate is negative or not finite.</exception>
    /// <example>
    /// <code>
    /// Schedule rate = Schedule.Cosine(0.1, steps: 100);
    /// Console.WriteLine($"{rate.RateAt(1):0.000} {rate.RateAt(50):0.000} {rate.RateAt(100):0.000}"); // => 0.100 0.050 0.000
    /// </code>
    /// </example>
    public static Schedule Cosine(double rate, int steps, double last = 0)
    {
        Setting.NotNegative(rate, nameof(Schedule), nameof(rate));
        Setting.AtLeast(1, steps, nameof(Schedule), nameof(steps));
        Setting.NotNegative(last, nameof(Schedule), nameof(last));
        return new(step => last + (0.5 * (rate - last) * (1 + Math.Cos(Math.PI * Math.Min(step, steps) / steps))));
    }

    /// <summary>One cycle: half a cosine wave from a low rate up to the greatest, and another down to almost nothing (Smith and Topin, "Super-Convergence", 2019; with the cosines of fastai and PyTorch).</summary>
    /// <param name="peak">The greatest rate.</param>
    /// <param name="steps">After how many steps the cycle ends; the last rate then stays.</param>
    /// <param name="warmup">The part of the steps in which the rate rises.</param>
    /// <param name="startFactor">The first rate, as a part of the greatest.</param>
    /// <param name="endFactor">The last rate, as a part of the first.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is not positive, the part of the warm-up is not from 0 to below 1, or a rate or factor is negative or not finite.</exception>
    public static Schedule OneCycle(double peak, int steps, double warmup = 0.3, double startFactor = 0.04, double endFactor = 1e-4)
    {
        Setting.NotNegative(peak, nameof(Schedule), nameof(peak));
        Setting.AtLeast(1, steps, nameof(Schedule), nameof(steps));
        Setting.Part(warmup, nameof(Schedule), nameof(warmup));
        double first = peak * Setting.NotNegative(startFactor, nameof(Schedule), nameof(startFactor));
        double last = first * Setting.NotNegative(endFactor, nameof(Schedule), nameof(endFactor));
        double top = warmup * steps;
        return new(step => step < top ? Wave(first, peak, step / top) : Wave(peak, last, Math.Min(1, (step - top) / (steps - top))));

        static double Wave(double from, double to, double part) => to + (0.5 * (from - to) * (1 + Math.Cos(Math.PI * part)));
    }

    /// <summary>A polynomial from one rate down to another, which then stays.</summary>
    /// <param name="rate">The rate at step 0.</param>
    /// <param name="steps">After how many steps the last rate is reached.</param>
    /// <param name="power">The power; 1 for a straight line.</param>
    /// <param name="last">The last rate.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps or the power is not positive, or a rate is negative or not finite.</exception>
    public static Schedule Polynomial(double rate, int steps, double power = 1, double last = 0)
    {
        Setting.NotNegative(rate, nameof(Schedule), nameof(rate));
        Setting.AtLeast(1, steps, nameof(Schedule), nameof(steps));
        Setting.Positive(power, nameof(Schedule), nameof(power));
        Setting.NotNegative(last, nameof(Schedule), nameof(last));
        return new(step => last + ((rate - last) * Math.Pow(1 - (Math.Min(step, steps) / (double)steps), power)));
    }

    /// <summary>This schedule after a warm-up: the rate rises in a straight line to its first value over some steps, then the schedule begins.</summary>
    /// <param name="steps">The number of steps of the warm-up.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is negative.</exception>
    public Schedule AfterWarmup(int steps)
    {
        Setting.AtLeast(0, steps, nameof(Schedule), nameof(steps));
        return new(step => step < steps ? RateAt(0) * (step + 1) / steps : RateAt(step - steps));
    }

    /// <summary>A constant schedule.</summary>
    /// <param name="rate">The rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative or not finite.</exception>
    /// <returns>The converted value.</returns>
    public static implicit operator Schedule(double rate) => Constant(rate);
}
