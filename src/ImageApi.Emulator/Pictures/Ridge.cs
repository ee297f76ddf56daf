namespace ImageApi.Emulator.Pictures;

/// <summary>A line of hills: smooth noise in several octaves, between -1 and 1.</summary>
internal sealed class Ridge
{
    private const int Points = 64;

    private readonly float[] _heights = new float[Points];
    private readonly int _octaves;
    private readonly float _roughness;

    public Ridge(Dice dice, int octaves, float roughness)
    {
        _octaves = octaves;
        _roughness = roughness;
        for (var index = 0; index < Points; index++)
        {
            _heights[index] = dice.Next(-1, 1);
        }
    }

    public float At(float x)
    {
        var (sum, weight, total) = (0f, 1f, 0f);
        for (var octave = 0; octave < _octaves; octave++)
        {
            sum += weight * Smooth(x + (octave * 17.3f));
            total += weight;
            weight *= _roughness;
            x *= 2.07f;
        }

        return sum / total;
    }

    private float Smooth(float x)
    {
        var floor = MathF.Floor(x);
        var share = x - floor;
        share = share * share * (3 - (2 * share));
        var left = _heights[(int)floor & (Points - 1)];
        return left + ((_heights[((int)floor + 1) & (Points - 1)] - left) * share);
    }
}
