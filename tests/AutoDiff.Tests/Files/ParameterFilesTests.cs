namespace AutoDiff.Tests.Files;

/// <summary>Named parameters in files: they come back under their names and in their order, whatever the order in the file.</summary>
public sealed class ParameterFilesTests : IDisposable
{
    /// <summary>Not in alphabetical order, and one of them a scalar.</summary>
    private static readonly Parameters<double> Model = new(("weight", Tensor.Create([[1.0, 2.0], [3.0, 1.0 / 3]])), ("bias", Tensor.Scalar(-0.5)), ("apart", Tensor.Zeros<double>(0, 2)));

    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public void Safetensors_files_keep_names_order_and_bits()
    {
        SafeTensorsFile.Write(path, Model);
        ShouldEqual(SafeTensorsFile.Read(path, Model.Map(x => 0 * x)));
        SafeTensorsFile.Read(path).Arrays.Keys.Should().BeEquivalentTo(Model.Keys);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Archives_of_NumPy_keep_names_order_and_bits(bool compress)
    {
        NumpyFile.WriteArchive(path, Model, compress);
        ShouldEqual(NumpyFile.ReadArchive(path, Model.Map(x => 0 * x)));
    }

    [Fact]
    public void Numbers_are_converted_and_other_names_are_left()
    {
        SafeTensorsFile.Write(path, Model);
        Parameters<float> read = SafeTensorsFile.Read(path, new Parameters<float>(("weight", Tensor.Zeros<float>(2, 2))));
        read.Keys.Should().Equal("weight");
        read["weight"].ToArray().Should().Equal(1f, 2f, 3f, 1f / 3);
    }

    [Fact]
    public void A_missing_name_and_another_shape_are_named()
    {
        SafeTensorsFile.Write(path, Model);
        FluentActions.Invoking(() => SafeTensorsFile.Read(path, new Parameters<double>(("scale", Tensor.Scalar(1.0))))).Should().Throw<ArrayFileException>().WithMessage("*'scale'*weight*");
        FluentActions.Invoking(() => SafeTensorsFile.Read(path, Model.With("weight", Tensor.Zeros<double>(4)))).Should().Throw<ArrayFileException>().WithMessage("*'weight'*[2, 2]*[4]*");
        FluentActions.Invoking(() => SafeTensorsFile.Write(path, (Parameters<double>)null!)).Should().Throw<ArgumentNullException>();
    }

    private static void ShouldEqual(Parameters<double> read)
    {
        read.Keys.Should().Equal(Model.Keys);
        foreach ((string name, Tensor<double> expected) in Model)
        {
            read[name].Shape.ToArray().Should().Equal(expected.Shape.ToArray());
            Array.ConvertAll(read[name].ToArray(), BitConverter.DoubleToInt64Bits).Should().Equal(Array.ConvertAll(expected.ToArray(), BitConverter.DoubleToInt64Bits));
        }
    }
}
