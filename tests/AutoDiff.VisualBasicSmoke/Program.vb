Imports AutoDiff

''' <summary>Calls from Visual Basic: that they compile is half of the check; each compares its result with a number that is known.</summary>
Friend Module Program
    Private checks As Integer

    Private Sub AreEqual(what As String, actual As Tensor(Of Double), ParamArray expected As Double())
        checks += 1
        Dim numbers = actual.ToArray()
        If numbers.Length <> expected.Length OrElse numbers.Zip(expected, Function(a, b) Math.Abs(a - b)).Any(Function(difference) Not difference < 0.000000000001) Then
            Throw New InvalidOperationException($"{what}: {String.Join(", ", expected)} was expected, and {actual} is the result.")
        End If
    End Sub

    Private Function Energy(x As Tensor(Of Double)) As Tensor(Of Double)
        Return (x * x).Sum() / 2.0
    End Function

    Sub Main()
        ' Making and reading tensors.
        Dim v = Tensor.Create({1.0, 2.0, 3.0})
        Dim m = Tensor.Create({1.0, 2.0, 3.0, 4.0, 5.0, 6.0}, {2, 3})
        AreEqual("Create", v, 1, 2, 3)
        AreEqual("Create, two-dimensional", Tensor.Create({{1.0, 2.0}, {3.0, 4.0}}), 1, 2, 3, 4)
        AreEqual("Create, integers, two-dimensional", Tensor.Create({{1, 2}, {3, 4}}), 1, 2, 3, 4)
        AreEqual("Create of a list", Tensor.Create(New List(Of Double) From {1, 2}), 1, 2)
        AreEqual("Scalar", Tensor.Scalar(2.0), 2)
        AreEqual("Zeros", Tensor.Zeros({2}), 0, 0)
        AreEqual("index", v(0), 1)
        AreEqual("two indices", m(1)(2), 6)
        AreEqual("negative index", m(-1), 4, 5, 6)

        ' Operators, reductions, products.
        AreEqual("arithmetic", 2.0 * v + 1.0, 3, 5, 7)
        AreEqual("minus, divide", (2.0 - v) / (v + v), 0.5, 0, -1 / 6)
        AreEqual("negation", -v, -1, -2, -3)
        AreEqual("comparison", v > 1.5, 0, 1, 1)
        AreEqual("Sum", v.Sum(), 6)
        AreEqual("Sum over an axis", m.Sum({1}), 6, 15)
        AreEqual("Sum along an axis", m.Sum(1), 6, 15)
        AreEqual("Sum, an axis kept", m.Sum(-1, keepDims:=True), 6, 15)
        AreEqual("Variance along an axis", m.Variance(1, correction:=0), 2 / 3, 2 / 3)
        AreEqual("Mean", m.Mean(), 3.5)
        AreEqual("MatMul", m.MatMul(v), 14, 32)
        AreEqual("Reshape", m.Reshape({3, 2}), 1, 2, 3, 4, 5, 6)
        AreEqual("Where", Tensor.Where(v > 1.5, v, 0.0), 0, 2, 3)

        ' Derivatives.
        AreEqual("Derivative", Differentiate.Derivative(Function(x) x * x * x, 2.0), 12)
        AreEqual("Gradient", Differentiate.Gradient(Function(x) (x * x).Sum(), v), 2, 4, 6)
        AreEqual("Gradient at an array", Differentiate.Gradient(Function(x) (x * x).Sum(), {1.0, 2.0}), 2, 4)
        AreEqual("Gradient at a list", Differentiate.Gradient(AddressOf Energy, New List(Of Double) From {1.0, 2.0}), 1, 2)
        AreEqual("Gradient at an array of singles", Differentiate.Gradient(Function(x) (x * x).Sum(), {1.0F, 2.0F}).ConvertTo(Of Double)(), 2, 4)
        AreEqual("Jvp at arrays", Differentiate.Jvp(Function(x) x * x, {1.0, 2.0}, {1.0, 1.0}), 2, 4)
        AreEqual("Jacobian", Differentiate.Jacobian(Function(x) m.MatMul(x), v), 1, 2, 3, 4, 5, 6)
        AreEqual("Hessian", Differentiate.Hessian(Function(x) x(0) * x(1), Tensor.Create({3.0, 4.0})), 0, 1, 1, 0)
        AreEqual("a named function", Differentiate.Gradient(AddressOf Energy, v), 1, 2, 3)
        Dim both = Differentiate.ValueAndGradient(AddressOf Energy, v)
        AreEqual("value", both.Value, 7)
        AreEqual("gradient", both.Gradient, 1, 2, 3)

        Using tape = New Tape(Of Double)()
            Dim x = tape.Variable(v)
            Dim y = (x.Sin() * x).Sum()
            AreEqual("tape", tape.Gradient(y, x), Math.Cos(1) + Math.Sin(1), 2 * Math.Cos(2) + Math.Sin(2), 3 * Math.Cos(3) + Math.Sin(3))
        End Using

        ' Functions that are recorded once.
        Dim compiled = Differentiate.Compile(AddressOf Energy, v)
        AreEqual("Compile", compiled.Invoke(v), 7)
        AreEqual("Compile at an array", Differentiate.Compile(AddressOf Energy, {1.0, 2.0}).Invoke({1.0, 2.0}), 2.5)

        Console.WriteLine($"{checks} calls from Visual Basic compile and give the right numbers. {v.ToString("0.0", Nothing)}")
    End Sub
End Module
