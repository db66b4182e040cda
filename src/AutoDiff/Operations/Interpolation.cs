namespace AutoDiff;

/// <summary>How a tensor is resampled to another size.</summary>
public enum Interpolation
{
    /// <summary>The element at the place, rounded down: ⌊i · scale⌋.</summary>
    Nearest,

    /// <summary>The nearest element, by the centers of the pixels: ⌊(i + 1/2) · scale⌋.</summary>
    NearestExact,

    /// <summary>Straight lines between neighbors: linear on one axis, bilinear on two, trilinear on three.</summary>
    Linear,

    /// <summary>Cubic convolution over four neighbors on each axis (Keys 1981), with the slope -0.75 of most libraries.</summary>
    Cubic,

    /// <summary>The means of the parts that an axis is divided into, as in adaptive average pooling.</summary>
    Area,
}
