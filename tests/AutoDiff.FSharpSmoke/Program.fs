/// Calls from F#: that they compile is half of the check; each compares its result with a number that is known.
module AutoDiff.FSharpSmoke.Program

open System
open AutoDiff

let mutable private checks = 0

let private equal (what: string) (expected: float list) (actual: Tensor<float>) =
    checks <- checks + 1
    let numbers = List.ofArray (actual.ToArray())
    if numbers.Length <> expected.Length || not (List.forall2 (fun (a: float) b -> abs (a - b) < 1e-12) expected numbers) then
        failwithf "%s: %A was expected, and %A is the result." what expected numbers

[<EntryPoint>]
let main _ =
    // Making and reading tensors.
    let v = Tensor.Create([| 1.0; 2.0; 3.0 |])
    let m = Tensor.Create([| 1.0; 2.0; 3.0; 4.0; 5.0; 6.0 |], [| 2; 3 |])
    equal "Create" [ 1.0; 2.0; 3.0 ] v
    equal "Create by rows" [ 1.0; 2.0; 3.0; 4.0 ] (Tensor.Create([| [| 1.0; 2.0 |]; [| 3.0; 4.0 |] |]))
    equal "Create, two-dimensional" [ 1.0; 2.0; 3.0; 4.0 ] (Tensor.Create(array2D [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ]))
    equal "Create of a list" [ 1.0; 2.0 ] (Tensor.Create([ 1.0; 2.0 ]))
    equal "Create of a list of rows" [ 1.0; 2.0; 3.0; 4.0 ] (Tensor.Create([ [| 1.0; 2.0 |]; [| 3.0; 4.0 |] ]))
    equal "Create of a sequence" [ 0.0; 2.0 ] (Tensor.Create(seq { for i in 0 .. 1 -> 2.0 * float i }))
    equal "Create, integers" [ 1.0; 2.0 ] (Tensor.Create(ReadOnlySpan [| 1; 2 |]))
    equal "Create, truth values" [ 1.0; 0.0 ] (Tensor.Create(ReadOnlySpan [| true; false |]))
    equal "Scalar" [ 2.0 ] (Tensor.Scalar(2.0))
    equal "Zeros" [ 0.0; 0.0 ] (Tensor.Zeros([| 2 |]))
    equal "index" [ 1.0 ] v.[0]
    equal "two indices" [ 6.0 ] m.[1].[2]
    equal "negative index" [ 4.0; 5.0; 6.0 ] m.[-1]
    equal "list of numbers" [ 3.0; 1.0 ] v.[[| 2; 0 |]]

    // Operators, reductions, products.
    equal "arithmetic" [ 3.0; 5.0; 7.0 ] (2.0 * v + 1.0)
    equal "Sum" [ 6.0 ] (v.Sum())
    equal "Sum over an axis" [ 6.0; 15.0 ] (m.Sum(1))
    equal "Sum over axes" [ 21.0 ] (m.Sum(ReadOnlySpan [| 0; 1 |]))
    equal "Sum, an axis kept" [ 6.0; 15.0 ] (m.Sum(-1, keepDims = true))
    equal "Mean, an axis kept" [ 2.0; 5.0 ] (m.Mean(1, keepDims = true))
    equal "Max along an axis" [ 3.0; 6.0 ] (m.Max(1))
    equal "Variance along an axis" [ 2.0 / 3.0; 2.0 / 3.0 ] (m.Variance(1, correction = 0))
    equal "Sum, axes kept" [ 5.0; 7.0; 9.0 ] (m.Sum(ReadOnlySpan [| 0 |], keepDims = true))
    equal "Mean" [ 3.5 ] (m.Mean())
    equal "Variance" [ 2.0 / 3.0 ] (v.Variance(correction = 0))
    equal "Norm" [ sqrt 14.0 ] (v.Norm())
    equal "Softmax" [ 0.5; 0.5 ] (Tensor.Zeros([| 2 |]).Softmax())
    equal "MatMul" [ 14.0; 32.0 ] (m.MatMul(v))
    equal "Reshape" [ 1.0; 2.0; 3.0; 4.0; 5.0; 6.0 ] (m.Reshape(ReadOnlySpan [| 3; 2 |]))
    equal "Stack" [ 1.0; 3.0 ] (Tensor.Stack(ReadOnlySpan [| v.[0]; v.[2] |]))
    equal "Concat" [ 1.0; 2.0; 3.0; 1.0; 2.0; 3.0 ] (Tensor.Concat(ReadOnlySpan [| v; v |]))
    equal "Where" [ 0.0; 2.0; 3.0 ] (Tensor.Where(Tensor.op_GreaterThan (v, 1.5), v, 0.0))

    // Derivatives.
    equal "Derivative" [ 12.0 ] (Differentiate.Derivative((fun (x: Tensor<float>) -> x * x * x), 2.0))
    equal "Gradient" [ 2.0; 4.0; 6.0 ] (Differentiate.Gradient((fun (x: Tensor<float>) -> (x * x).Sum()), v))
    equal "Gradient at an array" [ 2.0; 4.0 ] (Differentiate.Gradient((fun (x: Tensor<float>) -> (x * x).Sum()), [| 1.0; 2.0 |]))
    equal "Gradient at a list" [ 2.0; 4.0 ] (Differentiate.Gradient((fun (x: Tensor<float>) -> (x * x).Sum()), [ 1.0; 2.0 ]))
    equal "Jacobian at a list" [ 2.0; 0.0; 0.0; 4.0 ] (Differentiate.Jacobian((fun (x: Tensor<float>) -> x * x), [ 1.0; 2.0 ]))
    equal "Jvp at lists" [ 2.0; 4.0 ] (Differentiate.Jvp((fun (x: Tensor<float>) -> x * x), [ 1.0; 2.0 ], [ 1.0; 1.0 ]))
    let single = Differentiate.Gradient((fun (x: Tensor<float32>) -> (x * x).Sum()), [| 1.0f; 2.0f |])
    equal "Gradient at an array of singles" [ 2.0; 4.0 ] (single.ConvertTo<float>())
    equal "Jacobian" [ 1.0; 2.0; 3.0; 4.0; 5.0; 6.0 ] (Differentiate.Jacobian((fun (x: Tensor<float>) -> m.MatMul(x)), v))
    equal "Hessian" [ 0.0; 1.0; 1.0; 0.0 ] (Differentiate.Hessian((fun (x: Tensor<float>) -> x.[0] * x.[1]), Tensor.Create([| 3.0; 4.0 |])))

    use tape = new Tape<float>()
    let x = tape.Variable(v)
    let y = (x.Sin() * x).Sum()
    let w = tape.Variable([| 3.0; 4.0 |])
    equal "a variable of an array" [ 4.0; 3.0 ] (tape.Gradient(w.[0] * w.[1], w))
    GradientCheck.Check((fun (x: Tensor<float>) -> x.Sin() * x), [| 1.0; 2.0 |])
    equal "tape" [ for a in [ 1.0; 2.0; 3.0 ] -> a * cos a + sin a ] (tape.Gradient(y, x))

    // Operators of F#, functions of several tensors, functions with names.
    equal "minus, divide" [ 0.5; 0.0; -1.0 / 6.0 ] ((2.0 - v) / (v + v))
    equal "negation" [ -1.0; -2.0; -3.0 ] (-v)
    let energy (x: Tensor<float>) = (x * x).Sum() / 2.0
    equal "a named function" [ 1.0; 2.0; 3.0 ] (Differentiate.Gradient(energy, v))
    equal "Jvp" [ 6.0 ] (Differentiate.Jvp(energy, v, Tensor.Ones([| 3 |])))
    equal "Hvp" [ 1.0; 1.0; 1.0 ] (Differentiate.Hvp(energy, v, Tensor.Ones([| 3 |])))
    let struct (value, gradient) = Differentiate.ValueAndGradient(energy, v)
    equal "value" [ 7.0 ] value
    equal "gradient" [ 1.0; 2.0; 3.0 ] gradient

    // Functions that are recorded once.
    let compiled = Differentiate.Compile(energy, v)
    equal "Compile" [ 7.0 ] (compiled.Invoke(v))
    equal "Compile at an array" [ 2.5 ] (Differentiate.Compile(energy, [| 1.0; 2.0 |]).Invoke([| 1.0; 2.0 |]))
    equal "Compile, other numbers" [ 12.0 ] (compiled.Invoke(Tensor.Full(2.0 * sqrt 2.0, [| 3 |])))

    First.run ()
    printfn "%d calls from F# compile and give the right numbers. %s" checks (v.ToString("0.0", null))
    0
