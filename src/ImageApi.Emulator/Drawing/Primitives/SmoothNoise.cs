namespace ImageApi.Emulator.Drawing.Primitives;

/// <summary>A line of hills: smooth noise in several octaves, between -1 and 1.</summary>
internal sealed class SmoothNoise
{
    private const int PointCount = 64;

    private readonly float[] _heights = new float[PointCount];
    private readonly int _octaves;
    private readonly float _roughness;

    public SmoothNoise(DeterministicRandom random, int octaves, float roughness)
    {
        _octaves = octaves;
        _roughness = roughness;
        for (var index = 0; index < PointCount; index++)
        {
            _heights[index] = random.NextSingle(-1, 1);
        }
    }

    public float Sample(float x)
    {
        var (sum, weight, total) = (0f, 1f, 0f);
        for (var octave = 0; octave < _octaves; octave++)
        {
            sum += weight * Interpolate(x + (octave * 17.3f));
            total += weight;
            weight *= _roughness;
            x *= 2.07f;
        }

        return sum / total;
    }

    private float Interpolate(float x)
    {
        var lowerIndex = MathF.Floor(x);
        var fraction = x - lowerIndex;
        fraction = fraction * fraction * (3 - (2 * fraction));
        var left = _heights[(int)lowerIndex & (PointCount - 1)];
        return left + ((_heights[((int)lowerIndex + 1) & (PointCount - 1)] - left) * fraction);
    }
}
