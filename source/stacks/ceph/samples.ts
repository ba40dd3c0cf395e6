/** `ceph -s -f json` of 16.2.15, one of three OSDs down. */
export const SAMPLE_STATUS = [
  '{"fsid":"3af0106e-d547-42c9-a056-24ad57de8191","health":{"status":"HEALTH_WARN",',
  '"checks":{"OSD_DOWN":{"severity":"HEALTH_WARN",',
  '"summary":{"message":"1 osds down","count":1},"muted":false},',
  '"OSD_HOST_DOWN":{"severity":"HEALTH_WARN",',
  '"summary":{"message":"1 host (1 osds) down","count":1},"muted":false},',
  '"PG_DEGRADED":{"severity":"HEALTH_WARN",',
  '"summary":{"message":"Degraded data redundancy: 8002/24006 objects degraded (33.333%), 32 pgs degraded","count":32},"muted":false}},"mutes":[]},"election_epoch":3,"quorum":[0],"quorum_names":["a"],"quorum_age":86,"monmap":{"epoch":1,"min_mon_release_name":"pacific","num_mons":1},"osdmap":{"epoch":25,"num_osds":3,"num_up_osds":2,"osd_up_since":1795205873,"num_in_osds":3,"osd_in_since":1795205817,"num_remapped_pgs":0},"pgmap":{"pgs_by_state":[{"state_name":"active+undersized+degraded","count":32},{"state_name":"active+undersized","count":1}],"num_pgs":33,"num_pools":2,"num_objects":8002,"data_bytes":524288043,"bytes_used":2536906752,"bytes_avail":7126769664,"bytes_total":9663676416,"degraded_objects":8002,"degraded_total":24006,"degraded_ratio":0.33333333333333326},"fsmap":{"epoch":1,"by_rank":[],"up:standby":0},"mgrmap":{"available":true,"num_standbys":0,"modules":["iostat","nfs","restful"],"services":{}},"servicemap":{"epoch":5,"modified":"2026-11-20T20:18:05.777325+0000","services":{}},"progress_events":{}}',
].join('');

/** `ceph health detail -f json` of the same, with two of its 32 placement groups. */
export const SAMPLE_DETAIL = [
  '{"status":"HEALTH_WARN","checks":{"OSD_DOWN":{"severity":"HEALTH_WARN",',
  '"summary":{"message":"1 osds down","count":1},',
  '"detail":[{"message":"osd.0 (root=default,host=stor1) is down"}],"muted":false},',
  '"OSD_HOST_DOWN":{"severity":"HEALTH_WARN",',
  '"summary":{"message":"1 host (1 osds) down","count":1},',
  '"detail":[{"message":"host stor1 (root=default) (1 osds) is down"}],',
  '"muted":false},"PG_DEGRADED":{"severity":"HEALTH_WARN",',
  '"summary":{"message":"Degraded data redundancy: 8002/24006 objects degraded (33.333%), 32 pgs degraded","count":32},"detail":[{"message":"pg 2.0 is active+undersized+degraded, acting [1,2]"},{"message":"pg 2.1 is active+undersized+degraded, acting [2,1]"}],"muted":false}},"mutes":[]}',
].join('');

/** `ceph osd tree -f json` of the same. */
export const SAMPLE_TREE = [
  '{"nodes":[{"id":-1,"name":"default","type":"root","type_id":11,"children":[-7,',
  '-5,-3]},{"id":-3,"name":"stor1","type":"host","type_id":1,"pool_weights":{},',
  '"children":[0]},{"id":0,"device_class":"hdd","name":"osd.0","type":"osd",',
  '"type_id":0,"crush_weight":0.002899169921875,"depth":2,"pool_weights":{},',
  '"exists":1,"status":"down","reweight":1,"primary_affinity":1},{"id":-5,',
  '"name":"stor2","type":"host","type_id":1,"pool_weights":{},"children":[1]},',
  '{"id":1,"device_class":"hdd","name":"osd.1","type":"osd","type_id":0,',
  '"crush_weight":0.002899169921875,"depth":2,"pool_weights":{},"exists":1,',
  '"status":"up","reweight":1,"primary_affinity":1},{"id":-7,"name":"stor3",',
  '"type":"host","type_id":1,"pool_weights":{},"children":[2]},{"id":2,',
  '"device_class":"hdd","name":"osd.2","type":"osd","type_id":0,',
  '"crush_weight":0.002899169921875,"depth":2,"pool_weights":{},"exists":1,',
  '"status":"up","reweight":1,"primary_affinity":1}],"stray":[]}',
].join('');
