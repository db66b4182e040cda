namespace AutoDiff.Onnx.Tests;

/// <summary>What cannot be written or read is told, by name, before a file is made.</summary>
public class RefusalTests
{
    private static byte[] Write(Func<Tensor<double>, Tensor<double>> f, Tensor<double> x, OnnxOptions? options = null) => OnnxFile.ToBytes(xs => [f(xs[0])], [x], options);

    [Fact]
    public void An_operation_without_a_counterpart_is_named()
    {
        Action write = () => Write(static x => x.BesselJ(1.0), Tensor.Create([1.0, 2.0]));
        write.Should().Throw<OnnxException>().Which.Operation.Should().Contain("Bessel");
    }

    [Fact]
    public void A_look_at_a_value_is_refused()
    {
        Action write = () => Write(static x => x.Sum().ToScalar() > 0 ? x : -x, Tensor.Create([1.0, 2.0]));
        write.Should().Throw<OnnxException>().WithMessage("*looks at its value*");
    }

    [Fact]
    public void A_mean_over_a_free_batch_is_refused()
    {
        Action write = () => Write(static x => x.Mean(), Tensor.Create([1.0, 2.0, 3.0]), new OnnxOptions { BatchAxes = [0] });
        write.Should().Throw<OnnxException>().WithMessage("*length of the batch*").Which.Operation.Should().Be("Divide");
    }

    [Fact]
    public void Options_that_do_not_fit_are_errors_of_use()
    {
        Tensor<double> x = Tensor.Create([1.0]);
        ((Action)(() => Write(static x => x, x, new OnnxOptions { Opset = 7 }))).Should().Throw<ArgumentException>().WithMessage("*operator set is 7*");
        ((Action)(() => Write(static x => x, x, new OnnxOptions { InputNames = ["a", "b"] }))).Should().Throw<ArgumentException>().WithMessage("*2 names*");
        ((Action)(() => Write(static x => x, x, new OnnxOptions { InputNames = ["a"], OutputNames = ["a"] }))).Should().Throw<ArgumentException>().WithMessage("*the name 'a'*");
        ((Action)(() => Write(static x => x, x, new OnnxOptions { BatchAxes = [1] }))).Should().Throw<ArgumentException>().WithMessage("*batch axis of input 0 is 1*");
    }

    [Fact]
    public void A_damaged_file_is_told_and_never_crashes()
    {
        byte[] model = Write(static x => (x.Sin() * 2.0).Reshape(3, 1).MatMul(Tensor.Ones<double>(1, 2)), Tensor.Create([1.0, 2.0, 3.0]));
        var random = new Random(5);
        int refused = 0;
        for (int trial = 0; trial < 3000; trial++)
        {
            byte[] damaged = trial % 3 == 0 ? model[..random.Next(model.Length)] : [.. model];
            for (int k = 0; k < trial % 3 && damaged.Length > 0; k++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                OnnxModel<double> read = OnnxFile.FromBytes<double>(damaged);
                if (read.InputNames.Count == 1)
                {
                    read.Invoke([Tensor.Create([1.0, 2.0, 3.0])]);
                }
            }
            catch (Exception exception) when (exception is OnnxException or ArgumentException)
            {
                refused++;
            }
        }

        refused.Should().BeGreaterThan(1000);
    }

    [Fact]
    public void An_unknown_operation_of_a_file_is_named_when_it_is_read()
    {
        var model = new OnnxModelFile { Opset = 18 };
        model.Nodes.Add(new OnnxNode("Foo", ["x"], ["y"], []));
        ((Func<OnnxModel<double>>)(() => new OnnxModel<double>(model))).Should().Throw<OnnxException>().Which.Operation.Should().Be("Foo");
    }

    [Fact]
    public void A_name_is_kept()
    {
        byte[] bytes = Write(static x => x.Exp(), Tensor.Create([1.0, 2.0]), new OnnxOptions { InputNames = ["rate"], OutputNames = ["growth"], Name = "bank", BatchAxes = [0] });
        OnnxModel<double> model = OnnxFile.FromBytes<double>(bytes);
        model.InputNames.Should().Equal("rate");
        model.OutputNames.Should().Equal("growth");
        model.Name.Should().Be("bank");
        model.Invoke(Tensor.Create([0.0, 1.0, 2.0])).ToArray().Should().Equal(Tensor.Create([0.0, 1.0, 2.0]).Exp().ToArray());
    }

    [Fact]
    public void A_compiled_function_is_written_to_a_file()
    {
        CompiledFunction<double> compiled = Differentiate.Compile(static x => x.Sin() * x, Tensor.Create([1.0, 2.0]));
        string path = Path.GetTempFileName();
        try
        {
            OnnxFile.Write(path, compiled);
            OnnxFile.Read<double>(path).Invoke(Tensor.Create([0.5, 1.5])).ToArray().Should().Equal(compiled.Invoke(Tensor.Create([0.5, 1.5])).ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }
}
