/// The program of docs/getting-started.md, as it stands there.
module AutoDiff.FSharpSmoke.First

open AutoDiff

let run () =
    let t = Tensor.Create [ 0.0; 1.0; 2.0; 3.0 ]
    let y = Tensor.Create [ 5.0; 3.0; 1.8; 1.1 ]
    let loss (p: Tensor<float>) = (p.[0] * (-p.[1] * t).Exp() - y).Square().Sum()

    let mutable p = Tensor.Create [ 4.0; 0.4 ]

    for _ in 1..2000 do
        let struct (_, gradient) = Differentiate.ValueAndGradient(loss, p)
        p <- p - 0.02 * gradient

    printfn "%s" (p.ToString("0.00", null)) // => [5.00, 0.51]
    printfn "%O" (Differentiate.Derivative((fun (x: Tensor<float>) -> x * x * x), 2.0)) // => 12
