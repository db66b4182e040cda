using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>How the losses of single elements or samples are combined.</summary>
public enum Reduction
{
    /// <summary>They stay as they are.</summary>
    None,

    /// <summary>Their mean; NaN if there are none.</summary>
    Mean,

    /// <summary>Their sum; 0 if there are none.</summary>
    Sum,

    /// <summary>Their sum divided by the length of the first axis, that of the samples; their sum where there is no axis.</summary>
    BatchMean,
}

/// <summary>
/// Losses: how far predictions are from targets. The prediction comes first, then the target, then what the loss has of options, and last the reduction.
/// </summary>
/// <remarks>Prediction and target must have the same shape: they do not broadcast, for a column against a row is a mistake in most programs. Stretch one with BroadcastTo where it is meant.</remarks>
public static partial class Loss
{
    private static Tensor<T> Reduce<T>(Tensor<T> losses, Reduction reduction) where T : unmanaged, IBinaryFloatingPointIeee754<T> => reduction switch
    {
        Reduction.Mean => losses.Mean(),
        Reduction.Sum => losses.Sum(),
        Reduction.BatchMean => losses.Sum() / T.CreateChecked(losses.Rank == 0 ? 1 : losses.Shape[0]),
        _ => losses,
    };

    /// <summary>Checks what all losses share, before anything is recorded.</summary>
    private static void Check<T>(string operation, Reduction reduction, Tensor<T> prediction, [CallerArgumentExpression(nameof(prediction))] string argument = "") where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(prediction, operation, argument);
        if (!Enum.IsDefined(reduction))
        {
            throw Errors.Argument(operation, nameof(reduction), $"the reduction is {(int)reduction}", "None, Mean, Sum or BatchMean", "name one of them");
        }

        Tensor<T>.TapeOf([prediction], operation);
    }

    private static void Check<T>(string operation, Reduction reduction, Tensor<T> prediction, Tensor<T> target,
        [CallerArgumentExpression(nameof(prediction))] string first = "", [CallerArgumentExpression(nameof(target))] string second = "") where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(operation, reduction, prediction, first);
        CheckSameShape(operation, prediction, target, second);
        Tensor<T>.TapeOf([prediction, target], operation);
    }

    private static void Check<T>(string operation, Reduction reduction, Tensor<T> prediction, Tensor<T> target, Tensor<T> label, [CallerArgumentExpression(nameof(prediction))] string first = "",
        [CallerArgumentExpression(nameof(target))] string second = "", [CallerArgumentExpression(nameof(label))] string third = "") where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(operation, reduction, prediction, first);
        CheckSameShape(operation, prediction, target, second);
        CheckSameShape(operation, prediction, label, third);
        Tensor<T>.TapeOf([prediction, target, label], operation);
    }

    private static void CheckSameShape<T>(string operation, Tensor<T> prediction, Tensor<T> target, string argument) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!Errors.NotNull(target, operation, argument).Shape.SequenceEqual(prediction.Shape))
        {
            throw Errors.Shape(operation, $"the shapes {Shapes.Format(prediction.Shape)} and {Shapes.Format(target.Shape)} differ", "the same shape for prediction and target",
                "reshape one of them, or BroadcastTo the common shape if that is meant");
        }
    }

    private static ArgumentException Positive<T>(string operation, string argument, T value) => Errors.Argument(operation, argument, $"the {argument} is {value}", "a positive number", "give a number above 0");

    private static T Number<T>(double value) where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.CreateChecked(value);
}
