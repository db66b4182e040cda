namespace BayesianInference;

/// <summary>Dual averaging of the logarithm of the step (Nesterov 2009; Hoffman and Gelman 2014, section 3.2.1, with the constants given there).</summary>
internal sealed class DualAveraging(double first)
{
    private readonly double shrinkTo = Math.Log(10 * first);
    private double deficit, logAverage;
    private int count;

    /// <summary>The step to try next.</summary>
    public double Step { get; private set; } = first;

    /// <summary>The step to settle on.</summary>
    public double Average => Math.Exp(logAverage);

    public void Update(double acceptance)
    {
        count++;
        double weight = 1 / (count + 10.0);
        deficit = ((1 - weight) * deficit) + (weight * (0.8 - acceptance));
        double log = shrinkTo - (deficit * Math.Sqrt(count) / 0.05);
        double fading = Math.Pow(count, -0.75);
        logAverage = (fading * log) + ((1 - fading) * logAverage);
        Step = Math.Exp(log);
    }
}

/// <summary>Means and variances of the positions in a window, by Welford's recurrence.</summary>
internal sealed class Moments(int dimension)
{
    private readonly double[] mean = new double[dimension], squares = new double[dimension];
    private int count;

    public void Add(double[] position)
    {
        count++;
        for (int i = 0; i < dimension; i++)
        {
            double difference = position[i] - mean[i];
            mean[i] += difference / count;
            squares[i] += difference * (position[i] - mean[i]);
        }
    }

    /// <summary>The variances, drawn toward 0.001 as if by five more positions (Stan Reference Manual); the next window begins.</summary>
    public void TakeVariances(double[] variances)
    {
        for (int i = 0; i < dimension; i++)
        {
            variances[i] = (squares[i] / (count - 1) * count / (count + 5.0)) + (1e-3 * 5 / (count + 5.0));
        }

        count = 0;
        Array.Clear(mean);
        Array.Clear(squares);
    }
}
