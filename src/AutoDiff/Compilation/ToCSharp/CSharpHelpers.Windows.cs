namespace AutoDiff;

/// <content>
/// Windows and attention. A convolution is summed as the products of matrices that the kernel makes of it: over blocks of columns, and in these over runs of 256. Its table holds the numbers of samples,
/// groups, channels and outputs, the size of a block, and of three axes the lengths, the windows, their numbers, their steps, the steps within one and the padding.
/// </content>
internal sealed partial class CSharpHelpers
{
    private static Dictionary<string, Func<string, string>> WindowFunctions => new()
    {
        ["PlaceInWindow"] = Text("int", "ReadOnlySpan<int> f, int window, int k", """
            // The place of element k of a window in a channel; -1 in the padding.
            int place = 0;
            for (int axis = 0; axis < 3; axis++)
            {
                int ofWindow = axis == 0 ? window / (f[14] * f[15]) : axis == 1 ? window / f[15] % f[14] : window % f[15];
                int within = axis == 0 ? k / (f[11] * f[12]) : axis == 1 ? k / f[12] % f[11] : k % f[12];
                int at = ofWindow * f[16 + axis] + within * f[19 + axis] - f[22 + axis];
                if (at < 0 || at >= f[7 + axis])
                {
                    return -1;
                }

                place = place * f[7 + axis] + at;
            }

            return place;
            """),
        ["Convolve"] = Text("void", "ReadOnlySpan<double> x, ReadOnlySpan<double> w, ReadOnlySpan<int> f, Span<double> y", """
            int samples = f[0], groups = f[1], channels = f[2], outputs = f[3], height = f[6];
            int places = f[7] * f[8] * f[9], length = f[10] * f[11] * f[12], windows = f[13] * f[14] * f[15], depth = channels * length;
            for (int i = 0; i < samples * groups * outputs * windows; i++)
            {
                int window = i % windows, output = i / windows % (groups * outputs), channel = i / (windows * outputs) * channels;
                double total = 0.0;
                for (int block = 0; block < depth; block += height)
                {
                    for (int start = block; start < Math.Min(block + height, depth); start += 256)
                    {
                        double sum = 0.0;
                        for (int k = start; k < Math.Min(Math.Min(start + 256, block + height), depth); k++)
                        {
                            int place = PlaceInWindow(f, window, k % length);
                            sum = Math.FusedMultiplyAdd(w[output * depth + k], place < 0 ? 0.0 : x[(channel + k / length) * places + place], sum);
                        }

                        total = start == 0 ? sum : total + sum;
                    }
                }

                y[i] = total;
            }
            """),
        ["MirroredKernels"] = Text("double[]", "ReadOnlySpan<double> w, ReadOnlySpan<int> f", """
            // With the channels exchanged, which are those of the table, and the places in reverse order.
            int groups = f[1], channels = f[2], outputs = f[3], length = f[10] * f[11] * f[12];
            double[] mirrored = new double[groups * channels * outputs * length];
            for (int i = 0; i < mirrored.Length; i++)
            {
                int k = i % length, channel = i / length % channels, output = i / (length * channels) % outputs, group = i / (length * channels * outputs);
                mirrored[i] = w[((group * channels + channel) * outputs + output) * length + length - 1 - k];
            }

            return mirrored;
            """),
        ["ConvolveBack"] = Text("void", "ReadOnlySpan<double> w, ReadOnlySpan<double> y, ReadOnlySpan<int> f, bool arePlaces, Span<double> x", """
            int samples = f[0], groups = f[1], channels = f[2], outputs = f[3], rows = f[4], rowPart = f[5];
            int places = f[7] * f[8] * f[9], length = f[10] * f[11] * f[12], across = f[15], windows = f[13] * f[14] * across, depth = channels * length;
            x.Clear();
            for (int group = 0; group < samples * groups; group++)
            {
                // Blocks of windows, and in them the places of the windows: so the elements of x are summed.
                for (int row = 0; row < f[13] * f[14]; row += rows)
                {
                    for (int column = 0; column < across; column += rowPart)
                    {
                        for (int k = 0; k < depth; k++)
                        {
                            for (int window = row * across; window < Math.Min((row + rows) * across, windows); window++)
                            {
                                int place = PlaceInWindow(f, window, k % length);
                                if (place >= 0 && window % across >= column && window % across < column + rowPart)
                                {
                                    double sum = Chain(w, group % groups * outputs * depth + k, depth, y, group * outputs * windows + window, windows, outputs);
                                    int element = (group * channels + k / length) * places + place;
                                    x[element] = arePlaces ? sum : x[element] + sum;
                                }
                            }
                        }
                    }
                }
            }
            """),
        ["ConvolveKernels"] = Text("void", "ReadOnlySpan<double> y, ReadOnlySpan<double> x, ReadOnlySpan<int> f, int parts, Span<double> w", """
            int samples = f[0], groups = f[1], channels = f[2], outputs = f[3], rows = f[4], rowPart = f[5];
            int places = f[7] * f[8] * f[9], length = f[10] * f[11] * f[12], across = f[15], windows = f[13] * f[14] * across, depth = channels * length;
            double[] columns = new double[rows * rowPart], factors = new double[rows * rowPart];
            for (int i = 0; i < groups * outputs * depth; i++)
            {
                int k = i % depth, output = i / depth, group = output / outputs;
                double total = 0.0;
                for (int part = 0; part < parts; part++)
                {
                    double ofPart = 0.0;
                    for (int sample = (int)((long)samples * part / parts); sample < (int)((long)samples * (part + 1) / parts); sample++)
                    {
                        for (int row = 0; row < f[13] * f[14]; row += rows)
                        {
                            for (int column = 0; column < across; column += rowPart)
                            {
                                int count = 0;
                                for (int window = row * across; window < Math.Min((row + rows) * across, windows); window++)
                                {
                                    if (window % across >= column && window % across < column + rowPart)
                                    {
                                        int place = PlaceInWindow(f, window, k % length);
                                        columns[count] = place < 0 ? 0.0 : x[((sample * groups + group) * channels + k / length) * places + place];
                                        factors[count] = y[(sample * groups * outputs + output) * windows + window];
                                        count++;
                                    }
                                }

                                for (int start = 0; start < count; start += 256)
                                {
                                    ofPart += Chain(columns, start, 1, factors, start, 1, Math.Min(256, count - start));
                                }
                            }
                        }
                    }

                    total = part == 0 ? ofPart : total + ofPart;
                }

                w[i] = total;
            }
            """),
        ["PlacesOfWinners"] = Text("void", "ReadOnlySpan<double> x, ReadOnlySpan<int> f, ReadOnlySpan<int> begins, ReadOnlySpan<int> ends, Span<double> winners", """
            // Of three axes the lengths, the numbers of windows, and the steps within one; where the windows begin and end. A place is counted from 1; 0 stands for none.
            int places = f[0] * f[1] * f[2], windows = f[3] * f[4] * f[5];
            for (int q = 0; q < winners.Length; q++)
            {
                int d = q % windows / (f[4] * f[5]), h = f[3] + q / f[5] % f[4], w = f[3] + f[4] + q % f[5], winner = -1;
                double largest = double.NegativeInfinity;
                for (int i = begins[d]; i < ends[d]; i += f[6])
                {
                    for (int j = begins[h]; j < ends[h]; j += f[7])
                    {
                        for (int k = begins[w]; k < ends[w]; k += f[8])
                        {
                            int place = (i * f[1] + j) * f[2] + k;
                            double candidate = x[q / windows * places + place];
                            if (winner < 0 || !(candidate <= largest) && !double.IsNaN(largest))
                            {
                                (winner, largest) = (place, candidate);
                            }
                        }
                    }
                }

                winners[q] = winner + 1;
            }
            """),
        ["PickWinners"] = Text("void", "ReadOnlySpan<double> x, ReadOnlySpan<double> winners, int length, int count, double none, Span<double> y", """
            for (int i = 0; i < y.Length; i++)
            {
                int place = (int)winners[i % winners.Length];
                y[i] = place == 0 ? none : x[i / count * length + place - 1];
            }
            """),
        ["PutWinners"] = Text("void", "ReadOnlySpan<double> y, ReadOnlySpan<double> winners, int count, int length, Span<double> x", """
            x.Clear();
            for (int i = 0; i < y.Length; i++)
            {
                int place = (int)winners[i % winners.Length];
                if (place > 0)
                {
                    x[i / count * length + place - 1] += y[i];
                }
            }
            """),
        ["WeighAlongAxis"] = Text("void", "ReadOnlySpan<double> x, int from, int inner, ReadOnlySpan<int> starts, ReadOnlySpan<int> columns, ReadOnlySpan<double> weights, Span<double> y", """
            int to = starts.Length - 1;
            for (int i = 0; i < y.Length; i++)
            {
                int row = i / inner % to, start = i / inner / to * from * inner + i % inner, end = starts[row + 1];
                double sum = 0.0;
                for (int k = starts[row]; k < end; k++)
                {
                    double term = weights[k] * x[start + columns[k] * inner];
                    sum = k == starts[row] && inner > 1 && end - k <= 16 ? term : sum + term;
                }

                y[i] = sum;
            }
            """),
        ["AttentionWeights"] = Text("void", "ReadOnlySpan<double> packed, ReadOnlySpan<double> mask, ReadOnlySpan<double> bias, int queries, int keys, int width, double scale, Span<double> weights", """
            double[] scores = new double[keys];
            for (int i = 0; i < queries; i++)
            {
                bool any = mask.IsEmpty;
                for (int j = 0; j < keys && !any; j++)
                {
                    any = mask[i * keys + j] != 0.0;
                }

                for (int j = 0; j < keys; j++)
                {
                    double score = Chain(packed, i * width, 1, packed, (queries + j) * width, 1, width) * scale;
                    score = bias.IsEmpty ? score : score + bias[i * keys + j];
                    scores[j] = mask.IsEmpty ? score : !any ? 0.0 : mask[i * keys + j] == 0.0 ? double.NegativeInfinity : score;
                }

                Softmax(scores, weights.Slice(i * keys, keys));
                if (!any)
                {
                    weights.Slice(i * keys, keys).Clear();
                }
            }
            """),
        ["Attend"] = Text("void", "ReadOnlySpan<double> packed, ReadOnlySpan<double> mask, ReadOnlySpan<double> bias, int queries, int keys, int width, int valueWidth, int blockRows, double scale, Span<double> y", """
            double[] weights = new double[queries * keys];
            AttentionWeights(packed, mask, bias, queries, keys, width, scale, weights);
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = Chain(weights, i / valueWidth * keys, 1, packed, (queries + keys) * width + i % valueWidth, valueWidth, keys);
            }
            """),
        ["AttendBack"] = Text("void", "ReadOnlySpan<double> g, ReadOnlySpan<double> packed, ReadOnlySpan<double> mask, ReadOnlySpan<double> bias, int queries, int keys, int width, int valueWidth, int blockRows, double scale, Span<double> x", """
            double[] weights = new double[queries * keys], slopes = new double[queries * keys];
            int valuesStart = (queries + keys) * width;
            AttentionWeights(packed, mask, bias, queries, keys, width, scale, weights);
            for (int i = 0; i < queries; i++)
            {
                for (int j = 0; j < keys; j++)
                {
                    slopes[i * keys + j] = Chain(g, i * valueWidth, 1, packed, valuesStart + j * valueWidth, 1, valueWidth);
                }

                double product = SumOfProducts(weights.AsSpan(i * keys, keys), slopes.AsSpan(i * keys, keys));
                for (int j = i * keys; j < (i + 1) * keys; j++)
                {
                    slopes[j] = (slopes[j] - product) * weights[j] * scale;
                }
            }

            for (int i = 0; i < queries * width; i++)
            {
                x[i] = Chain(slopes, i / width * keys, 1, packed, queries * width + i % width, width, keys);
            }

            // Blocks of queries, one after the other.
            for (int first = 0; first < queries; first += blockRows)
            {
                int rows = Math.Min(blockRows, queries - first);
                for (int i = 0; i < keys * width; i++)
                {
                    double sum = Chain(slopes, first * keys + i / width, keys, packed, first * width + i % width, width, rows);
                    x[queries * width + i] = first == 0 ? sum : x[queries * width + i] + sum;
                }

                for (int i = 0; i < keys * valueWidth; i++)
                {
                    double sum = Chain(weights, first * keys + i / valueWidth, keys, g, first * valueWidth + i % valueWidth, valueWidth, rows);
                    x[valuesStart + i] = first == 0 ? sum : x[valuesStart + i] + sum;
                }
            }
            """),
    };
}
