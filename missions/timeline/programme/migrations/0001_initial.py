import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('missions', '0004_rounds_and_languages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SharedResource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('election', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shared_resources', to='missions.election', verbose_name='election')),
                ('code', models.SlugField(max_length=40, verbose_name='code')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('place', models.CharField(blank=True, help_text='Where it is, as guests find it.', max_length=200, verbose_name='place')),
                ('kind', models.CharField(choices=[('host', 'host'), ('hall', 'briefing hall'), ('press', 'press hall'), ('pool', 'desks, counters or vehicles')], max_length=10, verbose_name='kind')),
                ('serves', models.JSONField(default=list, help_text='The kinds of requests that it is for.', verbose_name='serves')),
                ('capacity', models.PositiveIntegerField(default=1, help_text='Persons in a hall, rooms of a press centre, units of a pool.', verbose_name='capacity')),
                ('unit_persons', models.PositiveIntegerField(default=1, help_text='Of a pool: how many people one unit takes at a time.', verbose_name='persons per unit')),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='minutes')),
                ('gap_minutes', models.PositiveSmallIntegerField(default=0, verbose_name='changeover in minutes')),
                ('sessions_per_day', models.PositiveSmallIntegerField(default=0, help_text='Of a hall; 0: as many as fit.', verbose_name='sessions a day')),
                ('languages_per_session', models.PositiveSmallIntegerField(default=0, help_text='Booths of a hall.', verbose_name='languages in a session')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
            ],
            options={
                'verbose_name': 'shared resource',
                'verbose_name_plural': 'shared resources',
                'ordering': ['election', 'kind', 'code'],
                'constraints': [models.UniqueConstraint(fields=('election', 'code'), name='resource_code_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['host', 'hall', 'press', 'pool'])), name='resource_kind_known'), models.CheckConstraint(condition=models.Q(('capacity__gte', 1), ('unit_persons__gte', 1)), name='resource_capacity_positive'), models.CheckConstraint(condition=models.Q(('minutes__gte', 1)), name='resource_minutes_positive')],
            },
        ),
        migrations.CreateModel(
            name='OpenWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='windows', to='programme.sharedresource', verbose_name='shared resource')),
                ('opens_at', models.DateTimeField(verbose_name='from')),
                ('closes_at', models.DateTimeField(verbose_name='until')),
            ],
            options={
                'verbose_name': 'open window',
                'verbose_name_plural': 'open windows',
                'ordering': ['resource', 'opens_at'],
                'constraints': [models.UniqueConstraint(fields=('resource', 'opens_at'), name='window_begins_once'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='window_closes_after_opening')],
            },
        ),
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closures', to='programme.sharedresource', verbose_name='shared resource')),
                ('starts_at', models.DateTimeField(verbose_name='from')),
                ('ends_at', models.DateTimeField(verbose_name='until')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('closed_at', models.DateTimeField(verbose_name='noted at')),
            ],
            options={
                'verbose_name': 'closure',
                'verbose_name_plural': 'closures',
                'ordering': ['resource', 'starts_at'],
                'constraints': [models.UniqueConstraint(fields=('resource', 'starts_at', 'ends_at'), name='closure_once'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='closure_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='InterpreterPool',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('election', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interpreters', to='missions.election', verbose_name='election')),
                ('language', models.CharField(help_text='ISO 639-1.', max_length=3, verbose_name='language')),
                ('count', models.PositiveSmallIntegerField(verbose_name='interpreters')),
            ],
            options={
                'verbose_name': 'interpreters',
                'verbose_name_plural': 'interpreters',
                'ordering': ['election', 'language'],
                'constraints': [models.UniqueConstraint(fields=('election', 'language'), name='interpreters_language_once')],
            },
        ),
        migrations.CreateModel(
            name='ProtocolRank',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mission', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='protocol_rank', to='missions.mission', verbose_name='mission')),
                ('rank', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='rank')),
            ],
            options={
                'verbose_name': 'protocol rank',
                'verbose_name_plural': 'protocol ranks',
                'ordering': ['rank', 'mission'],
                'constraints': [models.CheckConstraint(condition=models.Q(('rank__gte', 1), ('rank__lte', 5)), name='rank_in_range')],
            },
        ),
        migrations.CreateModel(
            name='MeetingRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, help_text='Names it in calendars.', unique=True)),
                ('mission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meeting_requests', to='missions.mission', verbose_name='mission')),
                ('kind', models.CharField(choices=[('arrival', 'reception at the airport'), ('badges', 'badges'), ('briefing', 'briefing'), ('minister', 'meeting with the minister'), ('chair', 'meeting with the chair of the commission'), ('press', 'press conference'), ('departure', 'transfer to the airport')], max_length=12, verbose_name='kind')),
                ('part', models.PositiveSmallIntegerField(default=1, verbose_name='part')),
                ('size', models.PositiveIntegerField(verbose_name='persons')),
                ('language', models.CharField(blank=True, help_text='ISO 639-1; empty: none is needed.', max_length=3, verbose_name='interpretation')),
                ('head', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='missions.missionhead', verbose_name='head')),
                ('earliest_at', models.DateTimeField(verbose_name='not before')),
                ('latest_at', models.DateTimeField(verbose_name='ends by')),
                ('is_must', models.BooleanField(default=False, verbose_name='must take place')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('state', models.CharField(choices=[('asked', 'asked'), ('withdrawn', 'withdrawn')], default='asked', max_length=10, verbose_name='state')),
                ('pinned_at', models.DateTimeField(blank=True, null=True, verbose_name='fixed at')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
            ],
            options={
                'verbose_name': 'meeting request',
                'verbose_name_plural': 'meeting requests',
                'ordering': ['mission', 'earliest_at', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('mission', 'kind', 'part'), name='request_once_per_kind'), models.CheckConstraint(condition=models.Q(('kind__in', ['arrival', 'badges', 'briefing', 'minister', 'chair', 'press', 'departure'])), name='request_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'withdrawn'])), name='request_state_known'), models.CheckConstraint(condition=models.Q(('size__gte', 1)), name='request_size_positive'), models.CheckConstraint(condition=models.Q(('latest_at__gt', models.F('earliest_at'))), name='request_window_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('election', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='programmes', to='missions.election', verbose_name='election')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('state', models.CharField(choices=[('ordered', 'being made'), ('failed', 'failed'), ('draft', 'draft'), ('released', 'released'), ('superseded', 'superseded'), ('discarded', 'discarded')], default='ordered', max_length=12, verbose_name='state')),
                ('method', models.CharField(choices=[('fresh', 'made afresh'), ('weight', 'as many and as high as possible, then few changes'), ('keep', 'as few changes as possible')], default='fresh', max_length=10, verbose_name='method')),
                ('base', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='programme.programme', verbose_name='in the place of')),
                ('seed', models.PositiveIntegerField(default=0, verbose_name='seed')),
                ('seconds', models.PositiveSmallIntegerField(verbose_name='seconds allowed')),
                ('ordered_at', models.DateTimeField(verbose_name='ordered at')),
                ('ordered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ordered by')),
                ('lease_until', models.DateTimeField(blank=True, null=True, verbose_name='worked on until')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('progress', models.CharField(blank=True, max_length=100, verbose_name='progress')),
                ('fault', models.CharField(blank=True, max_length=500, verbose_name='fault')),
                ('made_at', models.DateTimeField(blank=True, null=True, verbose_name='made at')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='released at')),
                ('problem_digest', models.CharField(blank=True, max_length=64, verbose_name='digest of the problem')),
                ('solution', models.JSONField(blank=True, default=dict, help_text='Parts with bounds and gaps, seconds, first come.', verbose_name='solution')),
                ('left_out', models.JSONField(blank=True, default=list, help_text='The requests without a place.', verbose_name='left out')),
                ('changed_by_hand', models.PositiveSmallIntegerField(default=0, verbose_name='changes by hand')),
            ],
            options={
                'verbose_name': 'programme',
                'verbose_name_plural': 'programmes',
                'ordering': ['election', '-version'],
                'permissions': [('make_programme', "Can make the ministry's programme"), ('release_programme', "Can release the ministry's programme")],
                'constraints': [models.UniqueConstraint(fields=('election', 'version'), name='programme_version_once'), models.UniqueConstraint(condition=models.Q(('state', 'released')), fields=('election',), name='programme_one_released'), models.CheckConstraint(condition=models.Q(('state__in', ['ordered', 'failed', 'draft', 'released', 'superseded', 'discarded'])), name='programme_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['released', 'superseded']), _negated=True), ('released_at__isnull', False), _connector='OR'), name='programme_released_has_instant')],
            },
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bookings', to='programme.programme', verbose_name='programme')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='programme.meetingrequest', verbose_name='meeting request')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='programme.sharedresource', verbose_name='shared resource')),
                ('starts_at', models.DateTimeField(verbose_name='from')),
                ('ends_at', models.DateTimeField(verbose_name='until')),
                ('room', models.CharField(blank=True, max_length=100, verbose_name='room')),
            ],
            options={
                'verbose_name': 'booking',
                'verbose_name_plural': 'bookings',
                'ordering': ['programme', 'starts_at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'request'), name='booking_request_once'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='booking_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='HeldSlot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held_slots', to='programme.programme', verbose_name='programme')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.sharedresource', verbose_name='shared resource')),
                ('room', models.CharField(blank=True, max_length=100, verbose_name='room')),
                ('slot_at', models.DateTimeField(verbose_name='from')),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held_slots', to='programme.booking', verbose_name='booking')),
            ],
            options={
                'verbose_name': 'held slot',
                'verbose_name_plural': 'held slots',
                'ordering': ['resource', 'slot_at'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'resource', 'room', 'slot_at'), name='held_slot_once')],
            },
        ),
    ]
