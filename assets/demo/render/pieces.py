"""The pieces, one function per kind, and the list of pictures: file -> (build, how it is photographed)."""
from lib import *

RI = 8.6


# ------------------------------------------------------------------ rings
def shank(metal, w=2.1, h=1.7, taper=.82, ri=RI, sec=None):
    band(ri, sec or court(w, h), metal, width=lambda a: 1 - (1 - taper) * max(0, cos(a)) ** 2, thick=lambda a: 1 + .0 * a)


def top(h=1.7): return RI + h * .98


def solitaire(metal, cut, L, W, gmat, n=4, w=2.1, h=1.7, yaw=0, shoulders=None, sec=None, taper=.82):
    def f():
        with settle(), at(rot=(0, 0, yaw)):
            shank(metal, w, h, taper, sec=sec)
            with at((0, 0, RI + h * .8)): claw_head(cut, L, W, gmat, metal, 0, n)
    return f


def halo_ring(metal, cut, L, W, gmat, d=1.25, pave=0, yaw=0, cluster=False, w=2.1, h=1.7):
    def f():
        with settle(), at(rot=(0, 0, yaw)):
            if pave: band(RI, court(w, h * .82), metal)
            else: shank(metal, w, h)
            base = RI + h * .7
            with at((0, 0, base)):
                ch, pd = gem_dims(cut, L, W); g = pd + .9
                claw_head(cut, L, W, gmat, metal, 0, 4, z=g, rail=False)
                halo(cut, L, W, d, metal, 'D', g - .15)
                # gallery: an open basket below the halo
                for k, z in ((.55, .35), (.95, g - .55 - d * .4)):
                    tube(_along2(offset(outline(cut, L, W), .3) * k, z), .32, metal, True)
                o = resample(_along2(offset(outline(cut, L, W), .3), 0), n=12)
                for x, y, _ in o: tube(bezier([(x * .5, y * .5, .1), (x * .8, y * .8, g * .45), (x * .98, y * .98, g - d * .55)], 8), .24, metal, n=8, cap=False)
            if pave:
                st = math.degrees(1.28 / (RI + h * .8))
                a0 = math.degrees((L / 2 + d * 1.1) / (RI + h)) * .9 + 4
                for s in (1, -1):
                    ang = [s * (a0 + st * i) for i in range(pave)]
                    if s < 0: ang = ang[::-1]
                    pave_strip(ang, w * .8, h, metal, 1.15)
    return f


def _along2(o, z): return np.array([(x, y, z) for x, y in o])


def pave_strip(ang, w, h, metal, d, gmat='D', ri=RI, bead=.17):
    a = (min(ang) - 3, max(ang) + 3)
    ro = ri + h
    arc = np.radians(np.linspace(*a, 80)); N = np.stack([np.sin(arc), 0 * arc, np.cos(arc)], 1)
    sweep(N * ro, channel(d * 1.30, h * .72, d * .10, h * .2), metal, False, ups=N, sharp=35)
    stones_on_band(ro - .03, ang, d * .97, gmat, metal, bead)


def three_stone(metal, cut, L, W, gmat, d, yaw=0, w=2.2, h=1.8):
    def f():
        with settle(), at(rot=(0, 0, yaw)):
            shank(metal, w, h, .9)
            with at((0, 0, RI + h * .8)): claw_head(cut, L, W, gmat, metal, 0, 4)
            ang = math.degrees((W / 2 + d / 2 + .25) / (RI + h + 1.6))
            for s in (1, -1):
                with at(rot=(0, s * ang, 0)):
                    with at((0, 0, RI + h * .8)): claw_head('round', d, d, 'D', metal, 0, 4, z=gem_dims('round', d, d)[1] + .75)
    return f


def eternity(metal, gmat, d=2.1, half=0, yaw=0, tilt=0, h=1.7):
    def f():
        with settle(), at(rot=(tilt, 0, yaw)):
            ro = RI + h
            if not half:
                n = int(2 * pi * ro / (d * 1.04)); st = 360 / n
                band(RI, [(u, v) for u, v in channel(d * 1.16, h * .85, d * .10, .45)], metal)
                a = np.radians(np.linspace(0, 360, 200, False)); N = np.stack([np.sin(a), 0 * a, np.cos(a)], 1)
                stones_on_band(RI + h * .86, [i * st for i in range(n)], d * .98, gmat, metal, .15)
            else:
                shank(metal, d * 1.12, h * .92, 1)
                st = math.degrees(d * 1.06 / ro); k = (half - 1) / 2
                pave_strip([(i - k) * st for i in range(half)], d, h * 1.08, metal, d, gmat, bead=.15)
    return f


def plain_band(metal, sec, yaw=0, tilt=0, x=0, y=0, lean=False, ri=RI):
    def f():
        with settle(), at((x, y, 0), (tilt, 0, yaw)): band(ri, sec, metal, n=240, sharp=40)
    return f


def two_bands(metal, sec):
    """one lies flat, the other leans on it"""
    def f():
        w = max(u for u, _ in sec) * 2; t = 1.9
        with settle(), at(rot=(90, 0, 0)): band(RI, sec, metal, n=240)
        ro = RI + t; e = 24
        with settle(), at((ro * 1.02 + 3.2, -3.0, 0), (0, 0, 62)):
            with at(rot=(-e, 0, 0)): band(RI + .8, sec, metal, n=240)
    return f


def brushed_band(yaw=28):
    def f():
        with settle(), at(rot=(0, 0, yaw)):
            band(RI, rrect(6, 1.7, .12, 3), 'R', n=240)
            band(RI + 1.69, rrect(5.3, .05, .02, 2), 'R-brushed', n=240)
    return f


def silver_flat(yaw=30):
    def f():
        with settle(), at(rot=(0, 0, yaw)): band(RI, rrect(5, 1.6, .3, 4), 'S-brushed', n=240)
    return f


def milgrain(yaw=30):
    def f():
        with settle(), at(rot=(0, 0, yaw)):
            band(RI, court(3.7, 1.6), 'W', n=240)
            for s in (1, -1):
                band(RI, [(u + s * 1.85, v) for u, v in rrect(.7, 1.0, .15, 3)], 'W', n=240)
                ro = RI + 1.12
                for i in range(100):
                    a = 2 * pi * i / 100; sphere(.31, 'W', (ro * sin(a), s * 1.85, ro * cos(a)), 12)
    return f


def twisted(mats, r=.95, R=None, turns=14, yaw=30, tilt=0, off=.9, k=420):
    """wires wound round each other"""
    def f():
        RR = R or RI + r + off
        with settle(), at(rot=(tilt, 0, yaw)):
            for j, m in enumerate(mats):
                a = np.linspace(0, 2 * pi, k, False); ph = turns * a + 2 * pi * j / len(mats)
                rr = RR + off * np.cos(ph)
                tube(np.stack([rr * np.sin(a), off * np.sin(ph), rr * np.cos(a)], 1), r, m, True, 16)
    return f


def stack3():
    with settle(), at(rot=(90, 0, 0)): band(RI, circle(.95, 28), 'S')
    for i, (m, x, y, t, rz) in enumerate((('Y', .5, .25, 2.0, 20), ('R', -.35, .45, -1.5, 70))):
        with settle(1.78 * (i + 1)), at((x, y, 0), (90 + t, 0, rz)): band(RI, circle(.95, 28), m)


def rolling():
    """three interlocked bands: near-parallel circles, each through the next"""
    with settle():
        for i, m in enumerate(('Y', 'W', 'R')):
            with at(rot=(0, 0, 24)), at(rot=(0, 120 * i, 0)), at((.0, 0, 0), (0, 0, 19)), at((1.5, 0, 0)):
                band(RI + .6, superell(3.0, 1.7, 2.4), m, n=240)


def pearl_ring():
    with settle(), at(rot=(0, 0, -32)):
        # two ends pass without touching
        a = np.radians(np.linspace(-14, 374, 220)); y = np.linspace(-1.7, 1.7, 220)
        s = np.interp(np.degrees(a), [-14, 40, 320, 374], [.62, 1, 1, .62])
        R = RI + .95
        tube(np.stack([R * np.sin(a), np.where(abs(y) > 0, 2.1 * (y / 1.7) ** 5, 0), R * np.cos(a)], 1), .95 * s, 'Y', n=20)
        with at((0, 0, R + .2)):
            lathe([(0, 0), (1.0, .3), (1.9, 1.0), (2.3, 1.7), (2.15, 1.75), (0, .8)], 'Y')
            sphere(4.0, 'pearl', (0, 0, 4.2), 64)


def cut_body(o, z):
    """a clean flat face: everything above z is cut away"""
    import bmesh
    me = o.data; bm = bmesh.new(); bm.from_mesh(me)
    g = bm.verts[:] + bm.edges[:] + bm.faces[:]
    r = bmesh.ops.bisect_plane(bm, geom=g, plane_co=(0, 0, z), plane_no=(0, 0, 1), clear_outer=True)
    ed = [e for e in r['geom_cut'] if isinstance(e, bmesh.types.BMEdge)]
    ff = bmesh.ops.contextual_create(bm, geom=ed)['faces']
    bm.to_mesh(me); bm.free(); me.shade_smooth(); me.set_sharp_from_angle(angle=rad(24)); me.update()


def signet(metal, wtop, ztop, bulge, yaw=0, tilt=0, onyx=None, pw=2.4):
    def f():
        with settle(), at(rot=(tilt, 0, yaw)):
            n, k = 320, 72
            P = np.zeros((n, k, 3))
            for i in range(n):
                a = 2 * pi * i / n; b = abs((a + pi) % (2 * pi) - pi); g = math.exp(-(b / .78) ** pw)
                hw = 1.75 + (wtop - 1.75) * g; t = 1.5 + bulge * g
                sec = superell(2 * hw, 2 * t, 2.25, k)
                for j, (u, v) in enumerate(sec):
                    r = RI + (v if v > 0 else v * .10 / t) + .1
                    P[i, j] = (r * sin(a), u, r * cos(a))
            with at(mat=Matrix.Identity(4)):
                me = grid(P, metal, True, True, data=True)
            import types
            h = types.SimpleNamespace(data=me); cut_body(h, RI + ztop)
            put(me)
            if onyx:
                L, W = onyx
                with at((0, 0, RI + ztop)):
                    o = np.array(superell(W, L, 4.2, 96))
                    sweep(_along2(offset(o, .18), .1), rrect(.55, 1.2, .2)[::-1], metal, True, ups=(0, 0, 1))
                    P = [[(x * q, y * q, z) for x, y in o] for q, z in ((1, -.3), (1, .28), (.985, .44), (.95, .52), (.5, .53), (.001, .53))]
                    grid(P, 'onyx', False, True)
    return f


def bezel_ring():
    with settle(), at(rot=(0, 0, 30)):
        band(RI, rrect(2.8, 1.8, .5, 6), 'PT', n=240)
        with at((0, 0, RI + 1.3)):
            bezel('round', 5.9, 5.9, 'D', 'PT', 3.0, .6, 2.9)


def aqua_ring():
    with settle(), at(rot=(0, 0, 34)):
        band(RI, rrect(2.4, 1.8, .25, 4), 'W', n=240)
        with at((0, 0, RI + 1.4)), at(rot=(0, 0, 0)): claw_head('emerald', 10, 8, 'AQ-.10', 'W', 0, 4, wire=.62)


# ------------------------------------------------------------------ hanging pieces
def hang(metal, z, kind='cable', L=2.1, W=1.5, r=.22, width=26, drop=70, y=0.0, seed=3):
    """the chain of a pendant; z: where its lowest point hangs"""
    chain(catenary(width, drop, z0=z, y=y), kind, L, W, r, metal, up=(0, -1, 0), rolls=(35, -55), jitter=5, seed=seed)


def pend(metal, body, zbail, chain_kw=None, bail=True):
    def f():
        body()
        f.focus = points()
        if bail: bail_loop(metal, zbail)
        hang(metal, zbail + 1.25 if bail else zbail, **(chain_kw or {}))
    return f


def bail_loop(metal, z, R=1.55, r=.30):
    with at((0, 0, z + .25)):
        a = np.linspace(0, 2 * pi, 64, False)
        p = np.stack([0 * a, R * .8 * np.sin(a), R * np.cos(a) + .6], 1)
        w = 1 + .9 * np.clip(np.cos(a), 0, 1)
        sweep(p, circle(r, 16), metal, True, ups=np.stack([0 * a, np.sin(a), np.cos(a)], 1), scale=[(x * 1.6, 1) for x in w])


def eye(metal, z, R=.95, r=.24):
    with at((0, 0, z)): torus(R, r, metal, 48, 12, 'XZ')


def face(fn):
    """built lying in the xy plane, shown upright, its front to the viewer"""
    def g():
        with at(rot=(90, 0, 0)): fn()
    return g


def bar_pendant():
    with at((0, 0, 0)): rbox(1.9, 1.9, 30, .22, 'S')
    eye('S', 15.6)


def star_body(n, R, r, h, metal, rot=0, short=None, back=True):
    V = []; m = 2 * n
    for i in range(m):
        a = pi / 2 + rad(rot) + 2 * pi * i / m
        k = r if i % 2 else (short if short and (i // 2) % 2 else R)
        V.append((k * cos(a), k * sin(a), 0))
    V += [(0, 0, h), (0, 0, -h * .55)]
    F = [(i, (i + 1) % m, m) for i in range(m)] + [((i + 1) % m, i, m + 1) for i in range(m)]
    me = mesh(V, F, metal, False)
    o = put(me)
    if o is not None:
        b = o.modifiers.new('b', 'BEVEL'); b.width = .12; b.segments = 3; b.limit_method = 'NONE'
        o.modifiers.new('w', 'WEIGHTED_NORMAL')
    return o


def polaris():
    star_body(8, 8.8, 2.7, 2.5, 'S', short=5.2)
    with at((0, 0, 1.75)): bezel('round', 2.2, 2.2, 'D', 'S', .75, .35, 1.1)
    with at((0, 8.5, 0)): torus(.8, .22, 'S', 40, 12)


def medallion():
    n = 128
    lathe([(0, .75), (10.0, .75), (10.2, 1.0), (11, 1.0), (11.15, .8), (11.15, -.8), (11, -.9), (0, -.9)], 'Y', n, sharp=30)
    for i in range(72):
        a = 2 * pi * i / 72; sphere(.40, 'Y', (10.45 * cos(a), 10.45 * sin(a), .98), 12)
    sphere(1, 'Y', (0, 0, .70), 48, (3.1, 3.1, .95))
    tube(_along2([(3.7 * cos(a), 3.7 * sin(a)) for a in np.linspace(0, 2 * pi, 80, False)], .76), .16, 'Y', True, 10)
    for i in range(24):
        a = 360 / 24 * i; L = 8.9 if i % 2 == 0 else 7.0
        with at((0, 0, .74), (0, 0, a)):
            w = .62 if i % 2 == 0 else .42
            add([(4.2, 0, 0), (5.3, w, 0), (L, 0, 0), (5.3, -w, 0), (5.3, 0, .55)], [(0, 4, 1), (1, 4, 2), (2, 4, 3), (3, 4, 0)], 'Y', False)
    with at((0, 11.6, 0)): torus(.95, .28, 'Y', 40, 12)


def heart_pts(n=140):
    t = np.linspace(0, 2 * pi, n, False)
    x = 16 * np.sin(t) ** 3; y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return np.stack([x, y + 2.0], 1) / 16


def heart():
    o = heart_pts() * 7.0; c = np.array([0, .3]); P = []
    K = 26
    for s in (1, -1):
        rows = []
        for i in range(K + 1):
            q = sin(pi / 2 * i / K); z = max(0.0, cos(pi / 2 * i / K))
            rows.append([(*(c + (p - c) * q), s * 2.9 * z ** .85 * (1.0)) for p in o])
        grid(rows if s < 0 else rows[::-1], 'R', False, True)
    with at((0, 4.6, 0)): torus(.85, .24, 'R', 40, 12)


def cross_body():
    with at((0, -2.2, 0)): tube(line((0, -9.6, 0), (0, 7.2, 0)), 1.25, 'Y', n=28)
    tube(line((-5.4, 1.0, 0), (5.4, 1.0, 0)), 1.2499, 'Y', n=28)
    with at((0, 6.6, 0)): torus(.85, .24, 'Y', 40, 12)


def locket():
    a, b = 9, 12
    def lens(q, z): return [(q * a * cos(t), q * b * sin(t), z) for t in np.linspace(0, 2 * pi, 120, False)]
    for s in (1, -1):
        prof = [(1.0, .12), (1.0, .55), (.985, .8), (.95, .95), (.90, 1.0), (.885, .93), (.86, .93), (.845, 1.04)] + [(.845 * sin(pi / 2 * i / 14), 1.04 + 1.5 * cos(pi / 2 * i / 14)) for i in range(14, -1, -1)]
        rows = [lens(max(q, .0005), s * z) for q, z in prof]
        grid(rows if s > 0 else rows[::-1], 'Y', False, True, sharp=50)
    for i in range(84):                     # the engraved border
        t = 2 * pi * i / 84
        if i % 2 == 0: sphere(.27, 'Y', (a * .925 * cos(t), b * .925 * sin(t), .98), 10)
        else:
            with at((a * .925 * cos(t), b * .925 * sin(t), .97), (0, 0, math.degrees(math.atan2(sin(t) * a, cos(t) * b)))): sphere(1, 'Y', (0, 0, 0), 10, (.40, .11, .14))
    for j in range(5): 
        with at((-9.35, (j - 2) * 1.25, 0), (90, 0, 0)): lathe([(0, -.58), (.5, -.58), (.55, -.5), (.55, .5), (.5, .58), (0, .58)], 'Y', 24, sharp=40)
    with at((9.3, 0, 0)): sphere(1, 'Y', (0, 0, 0), 16, (.5, .8, .3))
    with at((0, 12.9, 0)): torus(1.1, .3, 'Y', 48, 12)


def lueur():
    bezel('round', 4.4, 4.4, 'D', 'Y', 0, .5, 1.7)
    for s in (1, -1):
        with at((s * 1.6, 2.55, -.4)): torus(.62, .2, 'Y', 32, 10, 'YZ')


def moos():
    bezel('round', 5.8, 5.8, 'E-.16', 'Y', 0, .75, 2.0)
    with at((0, 3.9, -.6)): torus(.85, .26, 'Y', 40, 12)


def amethyst():
    claw_head('emerald', 12, 9.4, 'AM-.20', 'S', -4.2, 4, wire=.62, rail=False, z=0)
    o = offset(outline('emerald', 12, 9.4), .28)
    tube(_along2(o, -.7), .34, 'S', True); tube(_along2(o * .72, -2.4), .34, 'S', True)
    for x, y in claws_at('emerald', 12, 9.4): tube(bezier([(x * .74, y * .74, -2.4), (x * .9, y * .9, -1.6), (x * 1.02, y * 1.02, -.6)], 8), .34, 'S')
    with at((0, 7.2, -.7)): torus(.9, .26, 'S', 40, 12)


def pearl_pendant():
    sphere(4.6, 'pearl', (0, 0, 0), 72)
    with at((0, 4.2, 0), (-90, 0, 0)): lathe([(0, .9), (.7, .85), (1.3, .35), (1.75, -.25), (1.6, -.3), (0, .4)], 'R', 48)
    with at((0, 5.6, 0)): torus(.8, .22, 'R', 40, 12)


# ------------------------------------------------------------------ earrings
def pair(fn, dx, yaw=(-22, 14), dy=0, tilt=0, settle_to=None):
    def f():
        for s, y in ((-1, yaw[0]), (1, yaw[1])):
            with at((s * dx, (dy if s > 0 else 0), 0), (tilt, 0, y)): fn()
    return f


def stud_post(metal, z0, n=3.5): tube(line((0, 0, z0), (0, 0, z0 - n)), .42, metal, n=12)


def stud_claw(metal, L, gmat):
    def f():
        ch, pd = gem_dims('round', L, L)
        claw_head('round', L, L, gmat, metal, -pd - .2, 4, z=0)
        stud_post(metal, -pd - .2)
    return f


def stud_bezel(metal, L, gmat):
    def f():
        bezel('round', L, L, gmat, metal, 0, .55, 2.5); stud_post(metal, -2.7, 2.5)
    return f


def stud_pearl(mat, metal, r=4.2):
    def f():
        sphere(r, mat, (0, 0, 0), 72); lathe([(0, -r - .5), (1.2, -r - .35), (1.9, -r + .3), (1.7, -r + .45), (0, -r + .1)], metal, 40); stud_post(metal, -r)
    return f


def studs_lying(mat, metal, r, dx):
    """two pearl studs on the table, each resting on its pearl and the tip of its post"""
    def f():
        t = 90 - math.degrees(math.asin((r - .42) / (r + 8.5)))
        for x, y, yaw in ((-dx, 3.0, 38), (dx, -2.0, -118)):
            with at((x, y, r), (0, 0, yaw)), at(rot=(t, 0, 0)):
                sphere(r, mat, (0, 0, 0), 72); lathe([(0, -r - .5), (1.2, -r - .35), (2.1, -r + .35), (1.9, -r + .6), (0, -r + .1)], metal, 40)
                tube(line((0, 0, -r), (0, 0, -r - 8.5)), .42, metal, n=12); sphere(.62, metal, (0, 0, -r - 6.4), 16, (1, 1, .55))
    return f


def stud_pebble(seed):
    def f():
        rnd = random.Random(seed); K, n = 26, 60; P = []
        dents = [(rnd.uniform(0, 2 * pi), sqrt(rnd.uniform(0.02, 1)) * 1.25) for _ in range(26)]
        D = np.array([(sin(b) * cos(a), sin(b) * sin(a), cos(b)) for a, b in dents])
        for i in range(K + 1):
            b = pi / 2 * i / K; row = []
            for j in range(n):
                a = 2 * pi * j / n; v = np.array((sin(b) * cos(a), sin(b) * sin(a), cos(b)))
                # the nearest punch mark flattens the dome there
                dd = np.sort(np.linalg.norm(D - v, axis=1))[0]; r = 3.5 - .16 * max(0, 1 - (dd / .38) ** 2)
                row.append((v[0] * r, v[1] * r, v[2] * r * .82))
            P.append(row)
        grid(P[::-1], 'S', False, True)
        lathe([(0, -.25), (3.4, -.25), (3.52, 0)], 'S'); stud_post('S', 0)
    return f


def bar_stud():
    rbox(1.6, 14, 1.6, .16, 'Y-satin')
    with at((0, 3, 0)): stud_post('Y', 0)


def studs_on_block(fn, dx, lean=28, kind='plaster', size=None, yaw=9, lift=0.0):
    """posts go into a leaning display block"""
    def f(kindp=kind):
        s = size or dx * 4.2
        for k, sx in enumerate((-1, 1)):
            with at((sx * dx, -s * .0, s * .5), (90 - lean, 0, 0)), at((0, 0, lift), (0, 0, 0)): 
                (fn[k] if isinstance(fn, list) else fn)()
        n0 = len(OBJS)
        with at((0, 0, s * .5), (90 - lean, 0, 0)), at((0, 0, -s * .35 - f.back)): rbox(s * 2.6, s * 1.4, s * .7, s * .04, kind)
        del OBJS[n0:]
    f.back = 0
    return f


def hook(metal, z, h=9):
    """shepherd's hook above z, bending to the back"""
    p = bezier([(0, -.2, z), (0, -.2, z + 3.2), (0, .6, z + 6.0), (0, 3.2, z + 7.6), (0, 5.8, z + 6.4), (0, 6.8, z + 2.5), (0, 6.6, z - 3.5), (0, 7.1, z - 5)], 50)
    tube(p, .38, metal, n=12)


def drop_pear(metal, gmat, L, W, upper=None, zdrop=0):
    """origin: top of the earring"""
    def f():
        z = 0
        if upper:
            with at((0, 0, 0), (90, 0, 0)): claw_head('round', upper, upper, 'D', metal, -gem_dims('round', upper, upper)[1] - .3, 4, z=0); stud_post(metal, -2.0, 8)
            z = -upper / 2 - .95
            eye(metal, z, .75, .2)
        else:
            eye(metal, -.4, .8, .22); z = -.6; hook(metal, .2)
        with at((0, 0, z - .8)): torus(.72, .2, metal, 40, 10, 'YZ')
        # pear: its tip up, in an open collet
        with at((0, 0, z - 1.55 - L * .60), (90, 0, 0)):
            gem('pear', L, W, gmat, (0, 0, 0))
            o = outline('pear', L, W, 120)
            sweep(_along2(offset(o, .12), -.1), [(-u, v) for u, v in rrect(.42, .95, .15)][::-1], metal, True, ups=(0, 0, 1))
            for x, y in claws_at('pear', L, W)[1:]:
                l = math.hypot(x, y); tube(bezier([(x * 1.03, y * 1.03, -.5), (x * 1.03, y * 1.03, .3), (x * .93, y * .93, .85)], 8), .26, metal)
    return f


def orbit():
    with at((0, 0, 0)):
        with at((0, .6, 4.0), (90, 0, 0)): stud_post('R', 0, 7)
        torus(4.0, .85, 'R', 120, 24, 'XZ')
        with at((0, 0, -4 - 11 + .1), (0, 0, 14)): torus(11, .85, 'R', 160, 24, 'XZ')


def orvalho():
    with at(rot=(90, 0, 0)): claw_head('round', 3.0, 3.0, 'D', 'W', -1.6, 4, z=0); stud_post('W', -1.6, 7)
    eye('W', -2.3, .65, .18)
    with at((0, 0, -3.2)): torus(.62, .18, 'W', 40, 10, 'YZ')
    with at((0, 0, -4.2)):
        lathe([(0, .45), (.5, .35), (1.0, -.3), (1.35, -1.0), (1.2, -1.05), (0, -.5)], 'W', 40)
    # a drop-shaped pearl
    prof = []
    for i in range(41):
        t = pi * i / 40; r = 4.3 * sin(t) * (1 - .30 * (1 + cos(t)) / 2 - .10 * ((1 + cos(t)) / 2) ** 3); prof.append((max(r, 0), -10.4 + 5.6 * cos(t)))
    lathe(prof, 'pearl', 72)


def hoop(R, r, metal, gap=0, taper=0.0, sec=None, pearl=False, n=180):
    """upright, its opening at the top"""
    def f():
        a = np.radians(np.linspace(6, 354, n)); N = np.stack([np.sin(a), 0 * a, np.cos(a)], 1)
        k = 1 - taper * (1 + np.cos(a)) / 2
        tube(N * R, r * k, metal, n=28)
        p = arcpts(R, -9, 9, 12); tube(p, min(.45, r * .45), metal, n=10)
        if pearl:
            with at((0, 0, -R - r)):
                with at((0, 0, .35 * 0 - .1)): torus(1.3, .26, metal, 40, 12, 'YZ')
                with at((0, 0, -1.75)): torus(.6, .2, metal, 40, 10, 'XZ')
                with at((0, 0, -2.6)): lathe([(0, .4), (.5, .3), (1.0, -.3), (1.35, -.8), (1.2, -.85), (0, -.4)], metal, 40)
                sphere(4.0, 'pearl', (0, 0, -6.5), 72)
    return f


def hoops_standing(fn, dx, yaws=(-38, 40), dy=0, lay=False):
    def f():
        for s, y in ((-1, yaws[0]), (1, yaws[1])):
            with settle(), at((s * dx, dy * s, 0), (0, 0, y)): fn()
    return f


# ------------------------------------------------------------------ chains, strands, bracelets
def spiral(r0, r1, turns, z, a0=0, sx=1.0, n=1600):
    t = np.linspace(0, 1, n); a = np.radians(a0) + 2 * pi * turns * t; r = r0 + (r1 - r0) * t
    r = r + 1.2 * np.sin(a * 1.7 + 1) * (r1 / 40)
    return np.stack([r * np.cos(a) * sx, r * np.sin(a), 0 * t + z], 1)


def scurve(w, h, z, n=1200):
    t = np.linspace(0, 1, n)
    return np.stack([w * (t - .5) + w * .10 * np.sin(4 * pi * t), h * np.sin(2 * pi * t) * (1 - .25 * t), 0 * t + z], 1)


def clasp(metal, p, d, s=1.0):
    with at(mat=frame_at(p, d, (0, 0, 1))), at(scale=s):
        with at((5.6, 0, 0)):
            t = np.linspace(0, 2 * pi, 60, False)
            pth = np.stack([3.2 * np.cos(t), (1.75 + .35 * np.cos(t)) * np.sin(t), 0 * t], 1)
            tube(pth, .62, metal, True, 16)
            with at((-4.2, 0, 0)): torus(1.0, .32, metal, 32, 12)
            tube(bezier([(.6, 1.9, 0), (1.6, 2.5, .1), (2.4, 2.7, .1)], 8), .35, metal)


def chain_lying(kind, L, W, r, metal, path, rolls=(45, -45), z=None, cl=1.0, seed=1, jit=6):
    def f():
        with settle():
            m = chain(path, kind, L, W, r, metal, rolls=rolls, jitter=jit, seed=seed)
            if kind == 'curb' and cl:
                with at(mat=m), at((5.2, 0, 0)):
                    rbox(11, W, 2.6, .5, metal)
                    with at((0, W / 2, 0)): tube(line((-4, .2, 0), (4, .2, 0)), .55, metal, n=12)
            elif cl: clasp(metal, np.array(m.translation), np.array(m.col[0][:3]), cl)
            with at(mat=frame_at(path[0], path[0] - path[12], (0, 0, 1))), at((W * .38, 0, 0)): torus(W * .40 + .3, r * 1.1, metal, 40, 12)
    return f


def beads(path, radii, mat, knots=None, metal_every=None, metal='Y'):
    fr, tot = along(path); x = 0; i = 0; rad_ = radii(0)
    x = rad_
    while x < tot - radii(min(1, x / tot)):
        r = radii(x / tot); 
        m = fr(x); p = m.translation
        sphere(r, mat, (p.x, p.y, r), 48)
        i += 1
        step = r
        if metal_every and i % metal_every == 0:
            g = .1; rm = 1.55; q = fr(x + r + g + rm).translation; sphere(rm, metal, (q.x, q.y, r), 32); step = r + 2 * g + 2 * rm
            nr = radii(min(1, (x + step) / tot)); x += step + nr
        else:
            k = .55 if knots else .05
            if knots:
                q = fr(x + r + k / 2).translation; sphere(.42, 'silk', (q.x, q.y, r), 12)
            nr = radii(min(1, (x + r) / tot)); x += r + nr + k
    return x


def ball_clasp(metal, p, r):
    sphere(r, metal, p, 48)


def tennis(path, d=2.9, metal='W'):
    def f():
        def unit():
            claw_head('round', d, d, 'D', metal, -gem_dims('round', d, d)[1] - .15, 4, wire=.30, rail=False, z=0)
            for zz, k in ((-.55, 1.0), (-1.25, .66)):
                o = np.array(circle(d / 2 * k, 48)); tube(_along2(o, zz), .24, metal, True, 10)
            with at((d / 2 + .12, 0, -1.0)): rbox(.9, .8, .6, .15, metal)
        u = record(unit)
        with settle():
            fr, tot = along(path); x = d; i = 0
            while x < tot - d * .6:
                place(u, fr(x)); x += d + .38; i += 1
            m = fr(tot); 
            with at(mat=m): rbox(5.5, d * 1.05, 1.9, .35, metal)
    return f


def bangle(metal, R=33, r=2.0, sec=None):
    def f():
        with settle(): torus(R, r, metal, 260, 36, sec=sec)
    return f


def cuff(w=12, R=29, open_deg=62, yaw=0):
    def f():
        with settle(), at(rot=(0, 0, yaw)):
            a = np.radians(np.linspace(-90 + open_deg / 2, 270 - open_deg / 2, 260)); t = np.linspace(0, 1, 260)
            rx, ry = R * 1.06, R * .88
            P = np.stack([rx * np.cos(a), ry * np.sin(a), 0 * a], 1); N = np.stack([np.cos(a) / rx, np.sin(a) / ry, 0 * a], 1)
            L = 2 * pi * R * (1 - open_deg / 360); e = np.minimum(t, 1 - t) * L
            k = np.sqrt(np.clip(1 - (1 - np.clip(e / (w / 2), 0, 1)) ** 2, .003, 1))
            k2 = np.sqrt(np.clip(1 - (1 - np.clip(e / 1.0, 0, 1)) ** 2, .003, 1))
            sec = [(u, v * (1 if v > 0 else .25)) for u, v in superell(w, 4.2, 2.4, 56)]
            sweep(P, sec, 'S', False, ups=N, scale=list(zip(k, k2)))
    return f


def torchon(R=31):
    def f():
        with settle():
            a = np.linspace(0, 2 * pi, 720, False); p = np.stack([R * np.cos(a) * 1.05, R * np.sin(a) * .93, 0 * a], 1)
            sweep(p, rrect(5.0, 5.0, .55, 3), 'Y', True, ups=(0, 0, 1), twist=2 * pi * 11)
    return f


# ------------------------------------------------------------------ brooches and cufflinks
def leaf(L, W, metal, veins=7, dome=.16, serr=.0, curl=0.0, depth=.34, thick=.5):
    """lies in xy, its stem at the origin, along +x"""
    n, k = 180, 81; P = np.zeros((n, k, 3))
    for i in range(n):
        s = i / (n - 1); w = W / 2 * max(0.0, sin(pi * s ** .72)) ** .85
        if serr: w *= 1 + serr * ((s * 22) % 1 - .4) * (1 if .03 < s < .97 else 0)
        w = max(w, .02)
        for j in range(k):
            t = 2 * j / (k - 1) - 1; at_ = abs(t)
            z = dome * W * (1 - t * t) * sin(pi * min(1, s + .05)) - curl * (s - .3) ** 2 * L
            q = (s - .42 * at_ * W / L) * (veins + 1)
            g = (1 - math.exp(-((q - round(q)) / .085) ** 2)) if .5 < q < veins + .6 else 1
            z -= depth * (1 - g) * (1 - at_ ** 4) * (at_ > .04)
            z += depth * 1.1 * math.exp(-(t * w / .42) ** 2) * (1 - s * .7)
            P[i, j] = (s * L, t * w, z)
    me = grid(P, metal, data=True); o = put(me)
    if o is not None:
        m = o.modifiers.new('s', 'SOLIDIFY'); m.thickness = thick; m.offset = -1; m.use_rim = True
    return o


def birch():
    with settle(), at((-19, 0, 0), (0, 0, 0)):
        leaf(34, 24, 'S', 7, .10, .10, .06, .45, .8)
        tube(bezier([(1.5, 0, -.2), (-3, -.3, -.3), (-8, -1.6, .1)], 20), .75, 'S')


def oliveira():
    with settle():
        st = bezier([(-22, -7, .6), (-10, -2.5, 1.0), (3, .5, 1.3), (13, 3.6, 1.2), (17, 5.5, 1.0)], 60); tube(st, np.linspace(.85, .45, len(st)), 'Y')
        for p, a, L in (((-13, -3.6, 1.0), 62, 15), ((-6, -1.4, 1.2), -38, 16), ((1, .2, 1.3), 70, 15), ((7, 1.6, 1.3), -30, 15), ((16.3, 5.2, 1.0), 22, 15)):
            with at(p, (0, -7, a)): leaf(L, L * .34, 'Y', 4, .22, 0, .12, .12, .4)
        for x, y in ((-15.5, -9.6), (3.2, -5.9)):
            sphere(3.0, 'pearl', (x, y, 2.5), 56)
            q = min(st, key=lambda v: (v[0] - x) ** 2 + (v[1] - y) ** 2)
            tube(bezier([tuple(q), ((q[0] + x) / 2 - .8, (q[1] + y) / 2, 2.2), (x + .3, y + 2.6, 3.2)], 12), .42, 'Y')
            with at((x + .1, y + 2.5, 3.3), (-72, 0, 0)): lathe([(0, .5), (.6, .42), (1.1, .1), (1.5, -.4), (1.3, -.45), (0, 0)], 'Y', 32)


def bow():
    def ribbon(pts, widths, n=120, pleat=.0, ph=0):
        P = bezier(pts, n); wv = np.interp(np.linspace(0, 1, len(P)), np.linspace(0, 1, len(widths)), widths)
        k = 41; u = np.linspace(-1, 1, k); T = np.gradient(P, axis=0); T /= np.linalg.norm(T, axis=1)[:, None]
        rows = []
        for i in range(len(P)):
            up = np.array([0, 1., 0]) ; up = up - T[i] * (T[i] @ up); up /= np.linalg.norm(up); nn = np.cross(T[i], up)
            f = pleat * math.exp(-(np.linalg.norm(P[i][:2]) / 9) ** 2)
            rows.append([P[i] + up * (wv[i] / 2 * x) + nn * (f * cos(x * 3.5 * pi + ph)) for x in u])
        o = put(grid(rows, 'W', data=True))
        if o is not None:
            m = o.modifiers.new('s', 'SOLIDIFY'); m.thickness = .7; m.offset = 0
        # rolled edges
        for e in (0, -1): tube([r[e] for r in rows], .42, 'W', n=10)
    with settle():
        for s in (1, -1):
            ribbon([(s * 1, .3, 3.0), (s * 7, 1.2, 4.6), (s * 14, 2.2, 4.4), (s * 18.6, 2.6, 2.6), (s * 14, 1.8, .9), (s * 7, .8, 1.0), (s * 1, 0, 1.6)], [3.2, 7.5, 11.5, 12.2, 11, 7, 3], 120, .45)
        for s, e in ((1, (10.5, -16.5, 1.2)), (-1, (-9.0, -17.5, 1.2))):
            P = bezier([(s * .6, -.8, 1.9), (s * 3.2, -5, 2.5), (s * 6.0, -10.5, 1.7), e], 80)
            T = np.gradient(P, axis=0); rows = []
            for i in range(len(P)):
                w = np.interp(i / (len(P) - 1), [0, .3, 1], [2.6, 4.4, 6.6]); t = T[i] / np.linalg.norm(T[i]); sd = np.cross(t, (0, 0, 1)); sd /= np.linalg.norm(sd)
                cut = max(0, (i / (len(P) - 1) - .84) / .16)
                rows.append([P[i] + sd * (w / 2 * x) + (t * (abs(x) - 1) * 3.0 * cut) + np.array([0, 0, .35 * cos(x * pi * 1.5)]) for x in np.linspace(-1, 1, 25)])
            o = put(grid(rows, 'W', data=True))
            if o is not None:
                m = o.modifiers.new('s', 'SOLIDIFY'); m.thickness = .7; m.offset = 0
            for c in (0, -1): tube([r[c] for r in rows], .40, 'W', n=10)
        # the knot
        with at((0, 0, 2.5)):
            rows = []
            for i in range(41):
                y = -3 + 6 * i / 40; w = 2.5 + .5 * (y / 3) ** 2
                rows.append([(w * cos(a), y, 2.2 * sin(a) + .14 * cos(a * 7)) for a in np.linspace(0, 2 * pi, 60, False)])
            grid(rows, 'W', False, True, caps=True, sharp=50)
        eye_y = -4.0
        with at((0, eye_y, 3.0)): torus(.75, .22, 'W', 40, 10, 'YZ')
        with at((0, -5.3, 3.4), (90, 0, 0)): lathe([(0, .6), (.6, .5), (1.2, -.1), (1.6, -.7), (1.4, -.75), (0, -.2)], 'W', 40)
        sphere(4.0, 'pearl', (0, -9.6, 4.0), 64)


def vesper():
    with settle():
        star_body(6, 16, 4.4, 3.0, 'Y')
        with at((0, 0, 2.2)): claw_head('round', 5.0, 5.0, 'D', 'Y', -1.0, 6, z=1.2)
        with at((0, 0, 1.9)): lathe([(2.9, -1), (2.9, .6), (2.6, .75), (2.2, .5), (2.0, -1)], 'Y', 64)
        for i in range(6):
            with at(rot=(0, 0, 60 * i + 90)):
                for x, d in ((6.2, 1.7), (8.6, 1.4), (10.7, 1.15)):
                    z = 3.0 * (1 - x / 16) + .12
                    with at((x, 0, z), (0, 10.6, 0)): bezel('round', d, d, 'D', 'Y', .28, .2, .7)


def tamar():
    with settle():
        with at((0, 0, 3.4)):
            rbox(46, 2.2, 1.5, .45, 'Y')
            for s in (1, -1): sphere(1.45, 'Y', (s * 23.2, 0, 0), 32)
            for x in (-7.5, 0, 7.5):
                d = 4.4 if x == 0 else 3.7
                with at((x, 0, 0)):
                    bezel('round', d, d, 'RU-.75', 'Y', 1.3, .5, 2.2)
                    n = 26; q = d / 2 + .22
                    for i in range(n): a = 2 * pi * i / n; sphere(.17, 'Y', (q * cos(a), q * sin(a), 1.72), 8)
        tube(line((-20, 0, .9), (19, 0, .9)), .38, 'Y')
        for x in (-20, 19): tube(line((x, 0, .9), (x, 0, 3.2)), .6, 'Y')


def cufflink_round():
    pr = [(0, .2)]
    for i in range(1, 34):
        r = i * .235; pr.append((r, .2 + .0125 * r * r * .5 + .075 * (1 if i % 2 else -1)))
    pr += [(7.75, .72), (8, .6), (8.05, .3), (7.9, -.9), (7.2, -1.2), (0, -1.2)]
    lathe(pr, 'S', 160, sharp=60)
    _toggle('S')


def _toggle(metal, L=15):
    tube(line((0, 0, -1), (0, 0, -L)), 1.1, metal, n=20)
    with at((0, 0, -L)):
        tube(line((0, -7.5, 0), (0, 7.5, 0)), 1.7, metal, n=28)


def cufflink_onyx():
    o = np.array(superell(12, 12, 7, 120)); 
    sweep(_along2(offset(o, .2), 0), rrect(1.1, 3.0, .3)[::-1], 'S', True, ups=(0, 0, 1))
    grid([[(x * q, y * q, z) for x, y in o] for q, z in ((1, 0), (1, 1.35), (.985, 1.55), (.95, 1.62), (.6, 1.64), (.001, 1.64))], 'onyx', False, True)
    grid([[(x * q, y * q, -1.4) for x, y in o] for q in (.001, 1)], 'S', False, True)
    _toggle('S')


def cufflink_pair(fn, face_r, L=15, dx=12, yaw=(24, -26)):
    """each rests on its rim and its bar"""
    def f():
        th = math.degrees(math.atan2(face_r - 1.7, L)) + 0
        for s, y in ((-1, yaw[0]), (1, yaw[1])):
            with settle(), at((s * dx, 0 if s < 0 else 3, 0), (0, 0, y)), at(rot=(90 - th * 1.02, 0, 0)), at(rot=(0, 0, 90)): fn()
    return f


def oval_face(a, b, h=2.0, metal='Y'):
    prof = [(.001, .25), (.80, .25), (.84, .20), (.86, .1), (.885, .1), (.90, .22), (.95, .22), (.985, .12), (1, -.12), (1, -.9), (.97, -1.15), (.9, -1.3), (.001, -1.6)]
    t = np.linspace(0, 2 * pi, 140, False)
    grid([[(q * a * cos(x), q * b * sin(x), z) for x in t] for q, z in prof][::-1], metal, False, True, sharp=50)


def garrick():
    def one():
        """two ovals and their chain: the front one leans on the chain and the back one"""
        with at((0, 0, 0), (0, 0, 0)):
            oval_face(7, 5)
            with at((0, 0, -2.0)): torus(.9, .32, 'Y', 40, 12, 'XZ')
    for s, y in ((-1, 20), (1, -24)):
        with settle(), at((s * 10.5, s * 1.5, 0), (0, 0, y)):
            with at((0, -2, 0), (58, 0, 0)): one()
            with at((0, 10.0, -3.25), (8, 0, 0)):
                oval_face(7, 5)
                with at((0, 0, -1.9)): pass
            me = link_mesh('o', 3.4, 2.3, .36, 'Y')
            P = bezier([(0, .1, -1.4), (0, 2.2, -3.2), (0, 4.4, -3.6), (0, 6.6, -3.4)], 30)
            chain(P, 'cable', 2.8, 2.1, .36, 'Y', up=(1, 0, 0), rolls=(45, -45))
    return


# ------------------------------------------------------------------ pictures
def V(build, az=0, el=22, **kw): return dict(build=build, az=az, el=el, **kw)


def focus(build): return lambda: getattr(build, 'focus', None)


def upright(fn):
    """a piece that is built in the xy plane, hanging"""
    return face(fn)


E = 'E-.16'
SP = lambda z=1.5, t=1.35, a0=200, r1=38, r0=22: spiral(r0, r1, t, z, a0)
PICTURES = {
    # Maison Aurélie
    'aurore-solitaire-ring': V(solitaire('Y', 'round', 6.5, 6.5, 'D', 6, yaw=24), 0, 20),
    'aurore-solitaire-ring-2': V(solitaire('Y', 'round', 6.5, 6.5, 'D', 6, yaw=12), 8, 62, zoom=(0, 0, 21.6, 5.6)),
    'ondine-halo-ring': V(halo_ring('W', 'round', 6.0, 6.0, 'D', 1.3, 9, yaw=-28), 0, 24),
    'ondine-halo-ring-2': V(halo_ring('W', 'round', 6.0, 6.0, 'D', 1.3, 9, yaw=20), 0, 66, zoom=(0, 0, 21.6, 7.5)),
    'celeste-emerald-cut-ring': V(solitaire('PT', 'emerald', 8.2, 6.0, 'D', 4, w=2.2, h=1.75, yaw=30), 0, 26),
    'celeste-emerald-cut-ring-2': V(solitaire('PT', 'emerald', 8.2, 6.0, 'D', 4, w=2.2, h=1.75, yaw=70), 0, 58, zoom=(0, 0, 21.6, 6)),
    'marguerite-oval-ring': V(solitaire('R', 'oval', 7.5, 5.5, 'D', 4, w=1.9, h=1.6, yaw=-32), 0, 26, prop=('disc', 'plaster')),
    'trilogie-sapphire-ring': V(three_stone('PT', 'oval', 7.6, 5.9, 'SA-.30', 3.9, yaw=22), 0, 26),
    'trilogie-sapphire-ring-2': V(three_stone('PT', 'oval', 7.6, 5.9, 'SA-.30', 3.9, yaw=62), 0, 14),
    'duchesse-ruby-ring': V(halo_ring('Y', 'cushion', 6.6, 6.6, 'RU-.32', 1.25, 0, yaw=26), 0, 28),
    'duchesse-ruby-ring-2': V(halo_ring('Y', 'cushion', 6.6, 6.6, 'RU-.32', 1.25, 0, yaw=-8), 0, 64, zoom=(0, 0, 21.6, 7.4)),
    'larme-pear-ring': V(solitaire('PT', 'pear', 8.4, 5.9, 'D', 4, w=1.9, h=1.6, yaw=-24), 0, 30),
    'eternelle-eternity-band': V(eternity('W', 'D', yaw=32), 0, 20),
    'eternelle-eternity-band-2': V(eternity('W', 'D', yaw=50), 0, 34, zoom=(0, 0, 18, 6.5)),
    'etincelle-diamond-studs': V(studs_on_block(stud_claw('W', 5.1, 'D'), 4.8, kind='plaster', lift=3.4), 8, 30),
    'riviere-tennis-bracelet': V(tennis(spiral(25, 30, .92, 0, 150, 1.1)), 0, 42),
    'riviere-tennis-bracelet-2': V(tennis(spiral(25, 30, .92, 0, 150, 1.1)), 20, 34, zoom=(-6, -27, 1.5, 9.5)),
    'lueur-diamond-pendant': V(pend('Y', upright(lueur), 2.6, dict(L=1.7, W=1.25, r=.19, width=15, drop=44), bail=False), 0, 4, wall=5, zoom=(0, 0, 6, 12)),
    'chandelle-sapphire-earrings': V(pair(drop_pear('W', 'SA-.22', 10, 7, 3.6), 7, (-14, 16)), 0, 4, wall=8),
    # Atelier Nord
    'fjord-silver-band': V(silver_flat(30), 0, 22, prop=('slab', 'slate')),
    'tidal-silver-cuff': V(cuff(yaw=-24), 0, 24),
    'tidal-silver-cuff-2': V(cuff(yaw=0), 0, 52, prop=('disc', 'stone')),
    'skerry-stacking-trio': V(stack3, 0, 26, prop=('slab', 'stone')),
    'lyng-silver-hoops': V(hoops_standing(hoop(13, 1.2, 'S'), 11, (-40, 46), 4), 0, 16),
    'linje-bar-pendant': V(pend('S', bar_pendant, 16.2, dict(L=2.2, W=1.6, r=.25, width=26, drop=62)), 0, 4, tone='dark', wall=5, zoom=(0, 0, 3, 25)),
    'polaris-star-pendant': V(pend('S', upright(polaris), 8.6, dict(width=20, drop=56)), 0, 4, tone='dark', wall=5, zoom=(0, 0, 3, 17)),
    'pebble-silver-studs': V(studs_on_block([stud_pebble(3), stud_pebble(8)], 6.6, kind='stone', lift=.2), 8, 32),
    'vind-silver-bangle': V(bangle('S', 33, 2.1), 0, 28, prop=('slab', 'wood')),
    'birch-leaf-brooch': V(birch, 0, 58, roll=-28, surface='linen'),
    'strand-cable-chain': V(chain_lying('cable', 5.0, 3.4, .55, 'S', SP(0, 1.55, 200, 36, 15)), 0, 48),
    'lodestar-cufflinks': V(cufflink_pair(cufflink_round, 8, dx=10.5, yaw=(16, -32)), 0, 24, fill=.82),
    'tau-rope-ring': V(twisted(('S', 'S'), .85, None, 15, yaw=-30, off=.78), 0, 24),
    # Bottega Corsani
    'figaro-gold-chain': V(chain_lying('figaro', 4.9, 3.6, .62, 'Y', SP(0, 1.55, 160, 36, 15), rolls=(24, -24)), 0, 48),
    'figaro-gold-chain-2': V(chain_lying('figaro', 4.9, 3.6, .62, 'Y', scurve(70, 9, 0), rolls=(24, -24), cl=0), 14, 36, zoom=(2, 0, 1, 13), prop=('slab', 'stone')),
    'filo-cable-chain': V(chain_lying('cable', 2.6, 1.9, .31, 'Y', SP(0, 1.6, 180, 22, 8), cl=.7), 0, 46, prop=('disc', 'plaster')),
    'cubo-box-chain': V(chain_lying('box', 2.3, 2.2, .26, 'R', SP(0, 1.6, 170, 22, 8), cl=.7, jit=3), 0, 48),
    'gourmette-chain-bracelet': V(chain_lying('curb', 11.5, 8.2, 1.25, 'Y', spiral(24, 30, .9, 0, 150, 1.1), cl=1.5, jit=1), 0, 44),
    'gourmette-chain-bracelet-2': V(chain_lying('curb', 11.5, 8.2, 1.25, 'Y', spiral(24, 30, .9, 0, 150, 1.1), cl=1.5, jit=1), -14, 34, zoom=(-4, -26, 1, 14)),
    'fiorino-medallion': V(pend('Y', upright(medallion), 12.0, dict(L=2.6, W=1.9, r=.3, width=26, drop=70)), 0, 4, wall=5, zoom=(0, 0, 3.5, 20)),
    'cuore-heart-pendant': V(pend('R', upright(heart), 5.0, dict(width=17, drop=46)), 0, 4, wall=5, zoom=(0, 0, 2.6, 13)),
    'grande-gold-hoops': V(hoops_standing(hoop(21, 1.3, 'Y'), 17, (-42, 48), 6), 0, 14),
    'ciambella-huggies': V(hoops_standing(hoop(6.2, 2.6, 'Y', taper=.52), 9, (-48, 42), 2), 0, 20),
    'ciambella-huggies-2': V(hoops_standing(hoop(6.2, 2.6, 'Y', taper=.52), 30, (-20, 10), 0), 0, 16, prop=('slab', 'slate'), zoom=(-30, 0, 8.8, 13)),
    'croce-gold-cross': V(pend('Y', upright(cross_body), 7.0, dict(L=1.9, W=1.35, r=.2, width=22, drop=60)), 0, 4, wall=5, zoom=(0, 0, .5, 18)),
    'torchon-gold-bangle': V(torchon(), 0, 30),
    'torchon-gold-bangle-2': V(torchon(), 18, 26, zoom=(4, -28, 2.5, 13)),
    'graffetta-link-necklace': V(chain_lying('cable', 12, 4.0, .62, 'Y', SP(0, 1.35, 190, 40, 20), rolls=(42, -42), jit=4), 0, 50),
    'tre-ori-rolling-ring': V(rolling, 0, 24),
    # Harcourt & Daughters
    'clerkenwell-oval-signet': V(signet('Y', 5.9, 3.3, 3.1, yaw=-34), 0, 34),
    'clerkenwell-oval-signet-2': V(signet('Y', 5.9, 3.3, 3.1, yaw=64), 0, 40, prop=('slab', 'wood')),
    'mourne-onyx-signet': V(signet('S', 6.4, 3.1, 3.3, yaw=32, onyx=(11.0, 9.6)), 0, 38),
    'keepsake-oval-locket': V(pend('Y', upright(locket), 13.4, dict(L=2.7, W=2.1, r=.36, width=27, drop=72)), 0, 4, wall=5, zoom=(0, 0, 4.5, 22)),
    'keepsake-oval-locket-2': V(pend('Y', upright(locket), 13.4, dict(L=2.7, W=2.1, r=.36, width=27, drop=72)), -30, -8, wall=5, zoom=(0, 0, 10, 12)),
    'court-bow-brooch': V(bow, 0, 60),
    'halcyon-sapphire-cluster': V(halo_ring('Y', 'round', 6.2, 6.2, 'SA-.24', 1.95, 0, yaw=-26), 0, 32),
    'arden-emerald-trilogy': V(three_stone('Y', 'emerald', 7.0, 5.6, 'E-.20', 4.2, yaw=-24), 0, 28),
    'arden-emerald-trilogy-2': V(three_stone('Y', 'emerald', 7.0, 5.6, 'E-.20', 4.2, yaw=10), 0, 62, zoom=(0, 0, 21, 8)),
    'pomona-garnet-drops': V(pair(drop_pear('Y', 'GA-.17', 10.5, 7.2), 7.5, (-12, 18)), 0, 4, wall=10),
    'vesper-star-brooch': V(vesper, 0, 58, roll=12, surface='linen'),
    'tamar-bar-brooch': V(tamar, 0, 50, roll=24),
    'garrick-gold-cufflinks': V(garrick, 0, 32, fill=.84),
    'nocturne-onyx-cufflinks': V(cufflink_pair(cufflink_onyx, 6.2, dx=9.5), 0, 26, fill=.8, prop=('slab', 'stone')),
    'lancaster-ruby-half-eternity': V(eternity('Y', 'RU-.95', 2.2, 9, yaw=28), 0, 28),
    # Perla Mare
    'classica-pearl-strand': V(None, 0, 44),
    'classica-pearl-strand-2': V(None, 16, 32, zoom=(-14, -40, 3.6, 15)),
    'gota-pearl-studs': V(studs_lying('pearl', 'Y', 4.0, 5.6), 0, 24, prop=('slab', 'stone')),
    'orvalho-pearl-drops': V(pair(orvalho, 8, (-14, 16)), 0, 4, wall=8),
    'orvalho-pearl-drops-2': V(orvalho, 14, 8, wall=8, zoom=(0, 0, -7.2, 11.5)),
    'lagoa-pearl-pendant': V(pend('R', upright(pearl_pendant), 6.0, dict(L=1.8, W=1.3, r=.2, width=17, drop=46)), 0, 4, wall=6, zoom=(0, 0, 2.8, 11.5)),
    'enseada-pearl-ring': V(pearl_ring, 0, 24),
    'mare-pearl-bracelet': V(None, 0, 42, prop=('disc', 'plaster')),
    'noite-tahitian-strand': V(None, 0, 44),
    'noite-tahitian-strand-2': V(None, -12, 32, zoom=(-12, -40, 4.6, 17)),
    'lua-tahitian-studs': V(studs_lying('tahiti', 'W', 4.5, 6.0), 0, 24),
    'brisa-pearl-hoops': V(pair(hoop(9.2, .8, 'Y', pearl=True), 11, (-32, 38)), 0, 4, wall=14),
    'oliveira-pearl-brooch': V(oliveira, 0, 60, surface='linen'),
    'ilhas-station-necklace': V(None, 0, 48),
    # Werkstatt Linden
    'linden-comfort-band': V(plain_band('Y', superell(5, 1.9, 2.35), yaw=32), 0, 22),
    'linden-comfort-band-2': V(two_bands('Y', superell(5, 1.9, 2.35)), 0, 28, prop=('slab', 'wood')),
    'spree-platinum-court-band': V(plain_band('PT', court(4, 1.8), yaw=-34), 0, 22),
    'havel-brushed-rose-band': V(brushed_band(30), 0, 22, prop=('slab', 'stone')),
    'perlrand-milgrain-band': V(milgrain(32), 0, 24),
    'perlrand-milgrain-band-2': V(milgrain(48), 0, 36, zoom=(0, 0, 18, 6)),
    'kreis-bezel-solitaire': V(bezel_ring, 0, 30),
    'see-aquamarine-ring': V(aqua_ring, 0, 30),
    'see-aquamarine-ring-2': V(aqua_ring, -20, 64, zoom=(0, 0, 21.6, 7.6)),
    'kante-bar-studs': V(studs_on_block(bar_stud, 4.6, kind='stone', size=18, lift=1.2), 10, 30),
    'orbit-drop-earrings': V(pair(orbit, 13.5, (-20, 26)), 0, 4, wall=8),
    'zwei-twist-band': V(twisted(('Y', 'W'), 1.0, None, 7, yaw=30, off=.92), 0, 24),
    'moos-emerald-pendant': V(pend('Y', upright(moos), 4.6, dict(L=1.8, W=1.3, r=.2, width=15, drop=42)), 0, 4, wall=5, zoom=(0, 0, 2.6, 9.5)),
    'flieder-amethyst-pendant': V(pend('S', upright(amethyst), 7.7, dict(width=19, drop=52)), 0, 4, wall=6, zoom=(0, 0, 2.6, 14)),
    'glut-ruby-studs': V(studs_on_block(stud_bezel('Y', 5.0, 'RU-.32'), 4.8, kind='plaster', lift=2.6), -8, 30),
    'glut-ruby-studs-2': V(studs_on_block(stud_bezel('Y', 5.0, 'RU-.32'), 4.8, kind='plaster', lift=2.6), 16, 38, zoom='first'),
}


def strand(r0, r1, mat, metal, every=None, knots=True, path=None):
    def f():
        p = path if path is not None else spiral(19, 46, 1.95, 0, 150, 1.0)
        x = beads(p, lambda t: r0 + (r1 - r0) * sin(pi * min(1, max(0, t))), mat, knots, every, metal)
        r = r0
        q = along(p)[0](x - .1).translation; sphere(r * .8, metal, (q.x, q.y, r * .9), 40)
    return f


def station():
    path = spiral(14, 36, 1.6, 0, 200)
    fr, tot = along(path); g = tot / 9.0
    with settle():
        for i in range(9):
            x = g * (i + .5); m = fr(x); p = m.translation
            sphere(2.9, 'pearl', (p.x, p.y, 2.4), 48)
            for s in (1, -1):
                q = fr(x + s * 3.0).translation; sphere(.55, 'Y', (q.x, q.y, 1.9), 16)
        P = []
        for i in range(10):
            a = 0 if i == 0 else g * (i - .5) + 3.2; b = tot if i == 9 else g * (i + .5) - 3.2
            n = 60; xs = np.linspace(a, b, n); t = np.linspace(0, 1, n)
            za = 0 if i == 0 else 1; zb = 0 if i == 9 else 1
            L = (b - a)
            z = .45 + 1.4 * (za * np.exp(-(t * L / 2.2) ** 2) + zb * np.exp(-((1 - t) * L / 2.2) ** 2))
            pts = np.array([[*fr(x).translation[:2], zz] for x, zz in zip(xs, z)])
            chain(pts, 'cable', 1.9, 1.35, .22, 'Y', seed=i)
        d = path[-1] - path[-12]; clasp('Y', (path[-1][0], path[-1][1], .6), d, .6)


for k in ('classica-pearl-strand', 'classica-pearl-strand-2'): PICTURES[k]['build'] = strand(3.5, 3.75, 'pearl', 'W')
for k in ('noite-tahitian-strand', 'noite-tahitian-strand-2'): PICTURES[k]['build'] = strand(4.0, 4.9, 'tahiti', 'W')
PICTURES['mare-pearl-bracelet']['build'] = strand(3.3, 3.4, 'pearl', 'Y', 5, False, spiral(22, 27, .93, 0, 150, 1.1))
PICTURES['ilhas-station-necklace']['build'] = station


# ------------------------------------------------------------------ the home page's wide picture
def on(fn, x, y, z=0.0, rz=0):
    n = len(OBJS)
    with at((x, y, 0), (0, 0, rz)): fn()
    for o in OBJS[n:]: o.matrix_world = Matrix.Translation((0, 0, z)) @ o.matrix_world


def hero():
    prop_disc(25, 12, 'plaster', 0, (24, 10)); prop_slab(72, 44, 7, 'stone', 0, (76, 24), -16)
    on(solitaire('Y', 'round', 7.2, 7.2, 'D', 6, yaw=22), 20, 8, 12)
    on(three_stone('PT', 'oval', 7.6, 5.9, 'SA-.30', 3.9, yaw=-24), -38, -8)
    on(two_bands('Y', superell(5, 1.9, 2.35)), 54, 20, 7, -18)
    on(halo_ring('Y', 'cushion', 6.6, 6.6, 'RU-.32', 1.25, 0, yaw=-34), 91, 26, 7)
    a = np.radians(np.linspace(128, 338, 900)); r = 47 + 3 * np.sin(a * 2.2)
    strand(3.6, 3.9, 'pearl', 'W', None, True, np.stack([24 + r * np.cos(a), 4 + .88 * r * np.sin(a), 0 * a], 1))()
    on(hoop_flat, 74, -29, 0)
    on(hoop_flat2, 90, -17, 0)


def hoop_flat():
    with settle(), at(rot=(90, 0, 20)): hoop(6.2, 2.6, 'Y', taper=.52)()


def hoop_flat2():
    with settle(), at(rot=(0, 0, -52)): hoop(6.2, 2.6, 'Y', taper=.52)()


PICTURES['hero'] = V(hero, -4, 19, frame=[(-80, 0, 10), (108, 0, 10), (20, 0, 44), (20, 0, -12)], fill=1.0, ratio=.55, widths=[1000, 2000], lens=85, S=34)
