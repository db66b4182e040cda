namespace AutoDiff.GradBench.Problems;

/// <summary>The skeleton and skin of a hand: for each bone its parent, its relative base matrix and the inverse of its absolute one ([22, 4, 4] both); for each vertex its place and its weights [22, M].</summary>
internal sealed record HandModel(int[] Parents, Tensor<double> Relatives, Tensor<double> InverseAbsolutes, double[][] Positions, double[][] Weights, int[][] Triangles, bool IsMirrored = false);

/// <summary>
/// Hand tracking, as in ADBench: the distances between measured points and the points of a skinned hand model in a pose θ of 26 numbers (rotation 3, translation 3, four angles for each finger).
/// In the simple problem each point belongs to a vertex, in the complicated one to a place u in a triangle.
/// </summary>
internal sealed class HandTracking
{
    /// <summary>The matrices of the cross product, [v]× = Σ v_i L_i, as the rows of nine numbers for each entry.</summary>
    private static readonly Tensor<double> CrossMatrices = Tensor.Create([0.0, 0, 0, 0, 0, -1, 0, 1, 0, 0, 0, 1, 0, 0, 0, -1, 0, 0, 0, -1, 0, 1, 0, 0, 0, 0, 0], 9, 3);

    private readonly int[] flexOf = new int[22];
    private readonly int[] abductOf = new int[22];
    private readonly int[][] levels;
    private readonly int[][] parentPlaces;
    private readonly Tensor<double> relatives;
    private readonly Tensor<double> inverseAbsolutes;
    private readonly Tensor<double> skin;
    private readonly Tensor<double> points;
    private readonly bool complicated;

    /// <summary>Prepares a problem.</summary>
    /// <param name="model">The hand.</param>
    /// <param name="correspondences">For each point its vertex, or its triangle where it has a place in one.</param>
    /// <param name="points">The measured points, [N, 3].</param>
    /// <param name="complicated">Whether points lie in triangles.</param>
    public HandTracking(HandModel model, int[] correspondences, Tensor<double> points, bool complicated)
    {
        this.points = points.Transpose();
        this.complicated = complicated;
        Array.Fill(flexOf, 26);
        Array.Fill(abductOf, 26);
        for (int finger = 0; finger < 5; finger++)
        {
            (int bone, int angle) = (2 + (4 * finger), 6 + (4 * finger));
            (flexOf[bone], abductOf[bone], flexOf[bone + 1], flexOf[bone + 2]) = (angle, angle + 1, angle + 2, angle + 3);
        }

        // Bones of the same depth are multiplied together.
        int[] depths = new int[model.Parents.Length];
        for (int bone = 0; bone < depths.Length; bone++)
        {
            depths[bone] = model.Parents[bone] < 0 ? 0 : depths[model.Parents[bone]] + 1;
        }

        levels = [.. Enumerable.Range(0, depths.Max() + 1).Select(depth => Enumerable.Range(0, depths.Length).Where(bone => depths[bone] == depth).ToArray())];
        parentPlaces = [.. levels.Select((bones, depth) => depth == 0 ? [] : Array.ConvertAll(bones, bone => Array.IndexOf(levels[depth - 1], model.Parents[bone])))];
        int[] order = [.. levels.SelectMany(bones => bones)];
        relatives = model.Relatives.Take(order);
        inverseAbsolutes = model.InverseAbsolutes.Take(order);
        flexOf = [.. order.Select(bone => flexOf[bone])];
        abductOf = [.. order.Select(bone => abductOf[bone])];

        // Of the skin only the vertices that are met: weight times place, for each bone.
        int[] vertices = complicated ? [.. Enumerable.Range(0, 3).SelectMany(corner => correspondences.Select(triangle => model.Triangles[triangle][corner]))] : correspondences;
        var weighted = new double[order.Length * 4 * vertices.Length];
        for (int i = 0; i < order.Length; i++)
        {
            for (int c = 0; c < 4; c++)
            {
                for (int j = 0; j < vertices.Length; j++)
                {
                    double place = c == 3 ? 1 : model.Positions[vertices[j]][c];
                    weighted[(((i * 4) + c) * vertices.Length) + j] = model.Weights[vertices[j]][order[i]] * place;
                }
            }
        }

        skin = Tensor.Create(weighted, order.Length * 4, vertices.Length);
        if (model.IsMirrored)
        {
            throw new NotSupportedException("Mirrored hands do not occur in the data.");
        }
    }

    /// <summary>The 3 N distances in terms of the places in the triangles u [N, 2] (null in the simple problem) and of θ [26].</summary>
    public Tensor<double> Objective(Tensor<double>? us, Tensor<double> theta)
    {
        int n = points.Shape[1];
        Tensor<double> placed = Transforms(theta).Permute(1, 0, 2).Reshape(3, skin.Shape[0]).MatMul(skin);
        if (complicated)
        {
            Tensor<double> corners = placed.Reshape(3, 3, n);
            Tensor<double> u = us!.Transpose();
            placed = corners[.., 2] + (u[0] * (corners[.., 0] - corners[.., 2])) + (u[1] * (corners[.., 1] - corners[.., 2]));
        }

        return (points - Rotation(theta[..3]).MatMul(placed) - theta[3..6].Reshape(3, 1)).Transpose().Flatten();
    }

    /// <summary>
    /// The Jacobian, by columns: [3 N, 26], or [3 N, 28] in the complicated problem, where the first two columns hold the derivatives of each point by the two numbers of its own place:
    /// no point depends on the place of another, so two tangents find them all.
    /// </summary>
    public Tensor<double> Jacobian(Tensor<double>? us, Tensor<double> theta)
    {
        using var tape = new Tape<double>();
        Tensor<double> pose = tape.Variable(theta);
        if (us is null)
        {
            return tape.Jacobian(Objective(null, pose), pose);
        }

        Tensor<double> places = tape.Variable(us);
        Tensor<double> tangents = Tensor.Identity<double>(28);
        Tensor<double> placeTangents = tangents[.., ..2].Reshape(28, 1, 2).BroadcastTo(28, us.Shape[0], 2);
        return tape.Jvp([Objective(places, pose)], [places, pose], [placeTangents, tangents[.., 2..]])[0].Transpose();
    }

    /// <summary>The Jacobian of the complicated problem by θ [3 N, 26], and the derivatives of each point by the first number of its own place and by the second, [3 N] each: all by functions of functions.</summary>
    public Tensor<double>[] JacobianBlocks(Tensor<double> us, Tensor<double> theta)
    {
        Tensor<double> axes = Tensor.Identity<double>(2);
        return
        [
            Differentiate.Jacobian(pose => Objective(us, pose), theta),
            .. Enumerable.Range(0, 2).Select(i => Differentiate.Jvp(places => Objective(places, theta), us, axes[i].BroadcastTo(us.Shape[0], 2))),
        ];
    }

    /// <summary>For each bone the upper three rows of its transform, [22, 3, 4].</summary>
    private Tensor<double> Transforms(Tensor<double> theta)
    {
        Tensor<double> angles = Tensor.Concat([theta, Tensor.Zeros<double>(1)]);
        Tensor<double> flex = angles.Take(flexOf);
        Tensor<double> abduct = angles.Take(abductOf);
        (Tensor<double> cx, Tensor<double> sx, Tensor<double> cz, Tensor<double> sz) = (flex.Cos(), flex.Sin(), abduct.Cos(), abduct.Sin());
        (Tensor<double> zero, Tensor<double> one) = (Tensor.Zeros<double>(22), Tensor.Ones<double>(22));
        Tensor<double> turn = Tensor.Stack([cz, -(sz * cx), sz * sx, zero, sz, cz * cx, -(cz * sx), zero, zero, sx, cx, zero, zero, zero, zero, one], 1).Reshape(22, 4, 4);
        Tensor<double> relative = relatives.MatMul(turn);
        var absolutes = new Tensor<double>[levels.Length];
        int start = 0;
        for (int depth = 0; depth < levels.Length; depth++)
        {
            Tensor<double> own = relative[start..(start + levels[depth].Length)];
            absolutes[depth] = depth == 0 ? own : absolutes[depth - 1].Take(parentPlaces[depth]).MatMul(own);
            start += levels[depth].Length;
        }

        return Tensor.Concat<double>(absolutes)[.., ..3].MatMul(inverseAbsolutes);
    }

    /// <summary>The rotation by an angle-axis vector, I + sin θ / θ [a]× + (1 - cos θ) / θ² [a]×²; as in ADBench the identity for tiny angles.</summary>
    private static Tensor<double> Rotation(Tensor<double> a)
    {
        Tensor<double> square = a.Square().Sum();
        if (square.ToScalar() < 1e-8)
        {
            return Tensor.Identity<double>(3);
        }

        Tensor<double> theta = square.Sqrt();
        Tensor<double> cross = CrossMatrices.MatMul(a).Reshape(3, 3);
        return Tensor.Identity<double>(3) + (cross * (theta.Sin() / theta)) + (cross.MatMul(cross) * ((1.0 - theta.Cos()) / square));
    }
}
